import { codePointLength } from "../../../internal/code-points.js";
import { splitWords } from "../../../internal/whitespace.js";

/** Words of a question that say how it asks and not what about. */
export const questionWords: ReadonlySet<string> = new Set(
  (
    "what when where who why how which did does do is are was were has have can could would should will " +
    "tell describe"
  ).split(" "),
);

/** ASCII punctuation; that of other scripts stays. */
function isPunctuation(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return (
    (unit >= 0x21 && unit <= 0x2f) ||
    (unit >= 0x3a && unit <= 0x40) ||
    (unit >= 0x5b && unit <= 0x60) ||
    (unit >= 0x7b && unit <= 0x7e)
  );
}

/** From both ends, by index: a regular expression would look at a long run once for each of its characters. */
function stripPunctuation(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && isPunctuation(word, start)) start += 1;
  while (end > start && isPunctuation(word, end - 1)) end -= 1;
  return word.slice(start, end);
}

/** The words of a text as they are written, without ASCII punctuation around them. */
export function wordsOf(text: string): string[] {
  return splitWords(text)
    .map(stripPunctuation)
    .filter((word) => word !== "");
}

/** The words in lower case, in the order of the text. */
export function termsOf(text: string): string[] {
  return wordsOf(text).map((word) => word.toLowerCase());
}

/** The terms that say what a text is about: no question words, and none shorter than three code points. */
export function contentTerms(text: string): Set<string> {
  return new Set(
    termsOf(text).filter((term) => !questionWords.has(term) && codePointLength(term) > 2),
  );
}

/** How many of one set the other holds. */
export function countShared(wanted: ReadonlySet<string>, held: ReadonlySet<string>): number {
  let shared = 0;
  for (const term of wanted) if (held.has(term)) shared += 1;
  return shared;
}
