import { porterStem } from "./porter-stem.js";
import { stopWords } from "./stop-words.js";

const words = /[\p{L}\p{N}\p{M}]+/gu;
/** A longer run of letters is no word. */
const maxWordLength = 64;

/** The searchable terms of a text, in order: words in lower case without English stop words, stemmed. */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text
    .toLowerCase()
    .replaceAll("\u2019", "'")
    .replaceAll("'s", "")
    .matchAll(words)) {
    if (word.length <= maxWordLength && !stopWords.has(word)) terms.push(porterStem(word));
  }
  return terms;
}
