import { codePointLength } from "../internal/code-points.js";
import { splitWords } from "../internal/whitespace.js";

/** Counts the tokens a text will cost. */
export type TokenCounter = (text: string) => number;

const cjk = /[一-鿿぀-ヿ가-힯]/gu;

/**
 * Estimates tokens without a tokenizer: the larger of a word estimate (1.33 a word) and a length estimate (4 characters a
 * token, 1.5 when more than 30 % are CJK); at least 1.
 *
 * Made for European and CJK prose. It knows nothing of other text and counts too few there: of `cl100k_base`, base64
 * has 3 times as many, Thai 4 times, emoji 8 to 10 times, rare scripts and Unicode tag characters up to 16 times. Where
 * a budget must hold for any text, use `loadTiktokenCounter` or {@link upperBoundTokenCount}.
 */
export function heuristicTokenCount(text: string): number {
  const characters = codePointLength(text);
  const cjkCharacters = text.match(cjk)?.length ?? 0;
  const charactersPerToken = characters > 0 && cjkCharacters / characters > 0.3 ? 1.5 : 4;
  const byLength = Math.floor(characters / charactersPerToken);
  const byWords = Math.floor(splitWords(text).length * 1.33);
  return Math.max(1, byLength, byWords);
}

/**
 * A count that no text exceeds: its UTF-8 bytes, at least 1. A byte-level BPE tokenizer starts from single bytes and
 * only ever merges them. Prose has 4 to 5 times fewer tokens.
 */
export function upperBoundTokenCount(text: string): number {
  return Math.max(1, Buffer.byteLength(text));
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

/**
 * Fills a budget as far as it goes: the first hit is kept even when it alone exceeds the budget, later ones that do not
 * fit are left out, and those after them are still tried. Empty texts are free. A budget of 0 or less keeps nothing.
 *
 * To stay within a budget for certain, use {@link enforceTokenBudget}.
 */
export function packToBudget<Hit extends { readonly text: string }>(
  hits: readonly Hit[],
  maxTokens: number,
  countTokens: TokenCounter = heuristicTokenCount,
): Hit[] {
  if (!(maxTokens > 0)) return [];
  let used = 0;
  return hits.filter(({ text }, index) => {
    const tokens = text === "" ? 0 : countTokens(text);
    const isKept = index === 0 || used + tokens <= maxTokens;
    if (isKept) used += tokens;
    return isKept;
  });
}
