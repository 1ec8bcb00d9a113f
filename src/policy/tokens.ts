import { codePointLength } from "../internal/code-points.js";
import { splitWords } from "../internal/whitespace.js";

/** Counts the tokens a text will cost. */
export type TokenCounter = (text: string) => number;

const cjk = /[一-鿿぀-ヿ가-힯]/gu;

/**
 * Estimates tokens without a tokenizer: the larger of a word estimate (1.33 a word) and a length estimate (4 characters a
 * token, 1.5 when more than 30 % are CJK); at least 1.
 */
export function heuristicTokenCount(text: string): number {
  const characters = codePointLength(text);
  const cjkCharacters = text.match(cjk)?.length ?? 0;
  const charactersPerToken = characters > 0 && cjkCharacters / characters > 0.3 ? 1.5 : 4;
  const byLength = Math.floor(characters / charactersPerToken);
  const byWords = Math.floor(splitWords(text).length * 1.33);
  return Math.max(1, byLength, byWords);
}

export interface BudgetedHits<Hit> {
  readonly hits: Hit[];
  readonly truncated: boolean;
}

/**
 * Keeps hits in order until the next one would exceed the budget, then stops; even the first can be dropped.
 *
 * @param maxTokens - Absent means no budget; 0 keeps nothing.
 */
export function enforceTokenBudget<Hit extends { readonly text: string }>(
  hits: readonly Hit[],
  maxTokens: number | undefined,
  countTokens: TokenCounter = heuristicTokenCount,
): BudgetedHits<Hit> {
  if (maxTokens === undefined) return { hits: [...hits], truncated: false };
  let used = 0;
  for (const [index, hit] of hits.entries()) {
    used += countTokens(hit.text);
    if (used > maxTokens) return { hits: hits.slice(0, index), truncated: true };
  }
  return { hits: [...hits], truncated: false };
}
