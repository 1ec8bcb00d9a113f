import { questionWords, wordsOf } from "./terms.js";

const upper = /^\p{Uppercase}$/u;
const title = /^\p{Lt}$/u;
const lower = /^\p{Lowercase}$/u;
const nameShape = /^\p{L}(?:[\p{L}'‘’-]*\p{L})?$/u;

/** Every run of cased letters begins with a capital and goes on in lower case: "O'Brien" is, "McDonald" is not. */
function isTitleCase(word: string): boolean {
  let isInRun = false;
  let isCased = false;
  for (const character of word) {
    const isCapital = upper.test(character) || title.test(character);
    const isSmall = lower.test(character);
    if ((isCapital && isInRun) || (isSmall && !isInRun)) return false;
    isInRun = isCapital || isSmall;
    isCased ||= isInRun;
  }
  return isCased;
}

function isAllCapitals(word: string): boolean {
  const characters = Array.from(word);
  return (
    characters.length >= 2 &&
    characters.some((character) => upper.test(character)) &&
    !characters.some((character) => lower.test(character) || title.test(character))
  );
}

/** Whether a word consists of letters, with apostrophes and hyphens only inside it. */
export function isNameShaped(word: string): boolean {
  return nameShape.test(word);
}

function isCandidate(word: string): boolean {
  return !questionWords.has(word.toLowerCase()) && isNameShaped(word);
}

/** The names in a text by their looks, in lower case: words in title case, question words apart. */
export function titleCaseNames(text: string): Set<string> {
  return new Set(
    wordsOf(text)
      .filter((word) => isCandidate(word) && isTitleCase(word))
      .map((word) => word.toLowerCase()),
  );
}

/** {@link titleCaseNames}, and the words of at least two letters that are all capitals. */
export function properNouns(text: string): Set<string> {
  return new Set(
    wordsOf(text)
      .filter((word) => isCandidate(word) && (isTitleCase(word) || isAllCapitals(word)))
      .map((word) => word.toLowerCase()),
  );
}
