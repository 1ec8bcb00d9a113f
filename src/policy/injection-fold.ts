import { dropUnseen, foldLookAlikes, openEnclosed } from "./disguise.js";

const leet = new Map(
  Object.entries({ 0: "o", 1: "i", 3: "e", 4: "a", 5: "s", 7: "t", "@": "a", $: "s" }),
);

const mixed = /[a-z][013457@$]|[013457@$][a-z]/u;
const ascii = /^[\t\n\r -~]*$/u;

function foldCharacters(text: string): string {
  // Marks go first: to order a long run of them would take more than linear time.
  const seen = openEnclosed(dropUnseen(text))
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "");
  return foldLookAlikes(seen.toLowerCase());
}

/** Joins `i g n o r e` and `i.g.n.o.r.e`; more than one space still parts words. */
function joinSpacedLetters(text: string): string {
  return text.replaceAll(/(?<![a-z0-9])(?:[a-z][ .*_-]){2,}[a-z](?![a-z0-9])/gu, (run) =>
    run.replaceAll(/[^a-z]/gu, ""),
  );
}

/**
 * The text as a reader sees it, for comparison with plain phrases: compatibility forms, marks, look-alike letters and case
 * folded, invisible characters gone, runs of blanks made one.
 */
export function foldDisguises(text: string): string {
  const folded = ascii.test(text) ? text.toLowerCase() : foldCharacters(text);
  return joinSpacedLetters(folded)
    .replaceAll(/[^\S\n]+/gu, " ")
    .replaceAll(/ ?\n[\n ]*/gu, "\n");
}

/** Reads digits inside words as the letters they stand for (`1gn0re`). */
export function foldLeet(folded: string): string {
  if (!mixed.test(folded)) return folded;
  return folded.replaceAll(/[a-z0-9@$]+/gu, (word) =>
    /[a-z]/u.test(word) && /[013457@$]/u.test(word)
      ? word.replaceAll(/[013457@$]/gu, (digit) => leet.get(digit) ?? digit)
      : word,
  );
}
