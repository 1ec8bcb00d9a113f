import { stopWords } from "../internal/stop-words.js";

const tokenForm = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
const maxTerms = 64;
// A longer run of letters is no word; FTS5 would cut it off differently at either side.
const maxTermLength = 256;

/**
 * Turns any text into an FTS5 query that matches texts with at least one of its words.
 *
 * Words are quoted, so nothing of FTS5's syntax gets through. English stop words are dropped unless nothing else remains;
 * the first 64 distinct words count.
 *
 * @returns `undefined` when the text has no word.
 */
export function ftsQuery(text: string): string | undefined {
  const terms = new Set<string>();
  const stopped = new Set<string>();
  for (const [token] of text.matchAll(tokenForm)) {
    if (token.length > maxTermLength) continue;
    const term = token.toLowerCase();
    const into = stopWords.has(term) ? stopped : terms;
    if (into.size < maxTerms) into.add(term);
    if (terms.size === maxTerms) break;
  }
  const words = terms.size > 0 ? terms : stopped;
  return words.size === 0 ? undefined : [...words].map((word) => `"${word}"`).join(" OR ");
}
