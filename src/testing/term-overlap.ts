import { splitWords } from "../internal/whitespace.js";

/** The distinct lower-cased words of a text; punctuation stays. */
export function lowerCaseTerms(text: string): Set<string> {
  return new Set(splitWords(text.toLowerCase()));
}

/** `|query terms ∩ text terms| / |query terms|`, 0 for a query without terms. */
export function termOverlap(queryTerms: ReadonlySet<string>, text: string): number {
  if (queryTerms.size === 0) return 0;
  const terms = lowerCaseTerms(text);
  let shared = 0;
  for (const term of queryTerms) if (terms.has(term)) shared += 1;
  return shared / queryTerms.size;
}
