import { sequenceRatio } from "astrocyte";

const maxLength = 200;

/** The form in which names are compared: compatibility forms unified, case ignored. */
export function foldName(name: string): string {
  return name.normalize("NFKC").toLowerCase().trim();
}

function firstCharacters(text: string): string {
  return Array.from(text).slice(0, maxLength).join("");
}

/** How alike two folded names are, in `[0, 1]`. Only the first 200 code points count, and both orders give the same. */
export function nameSimilarity(first: string, second: string): number {
  const [a, b] = first < second ? [first, second] : [second, first];
  return a === b ? 1 : sequenceRatio(firstCharacters(a), firstCharacters(b));
}
