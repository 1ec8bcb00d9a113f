import { stopWords } from "../internal/stop-words.js";

const tokenForm = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const maxTerms = 64;
// A longer run of letters is no word.
const maxTermLength = 256;
/** What one `tsvector` holds, with some room: lexemes and at most 255 positions for each. */
const maxIndexBytes = 1_000_000;
const maxPositions = 255;

/** Case and accents taken away. */
function foldText(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036F]/g, "")
    .normalize("NFC");
}

function* wordsOf(text: string): Generator<string> {
  for (const [word] of foldText(text).matchAll(tokenForm)) {
    if (word.length <= maxTermLength) yield word;
  }
}

/** What of a text the full-text index gets: its words between spaces, and their number. */
export interface IndexedWords {
  readonly words: string;
  readonly count: number;
}

/** The words of a text. Of a text with more different words than a `tsvector` takes, some megabyte, the later ones are left out. */
export function indexedWords(text: string): IndexedWords {
  const words: string[] = [];
  const times = new Map<string, number>();
  let bytes = 0;
  for (const word of wordsOf(text)) {
    const before = times.get(word) ?? 0;
    const added = before === 0 ? Buffer.byteLength(word) + 6 : before < maxPositions ? 2 : 0;
    if (bytes + added > maxIndexBytes) continue;
    bytes += added;
    times.set(word, before + 1);
    words.push(word);
  }
  return { words: words.join(" "), count: words.length };
}

/**
 * The words to search for. English stop words are dropped unless nothing else remains; the first 64 distinct words count.
 *
 * @returns Empty when the text has no word.
 */
export function searchWords(text: string): string[] {
  const terms = new Set<string>();
  const stopped = new Set<string>();
  for (const word of wordsOf(text)) {
    const into = stopWords.has(word) ? stopped : terms;
    if (into.size < maxTerms) into.add(word);
    if (terms.size === maxTerms) break;
  }
  return [...(terms.size > 0 ? terms : stopped)];
}
