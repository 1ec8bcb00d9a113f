import type { MemoryHit } from "../../../dto/recall.js";
import { byScore } from "../rerank/ranked-memory.js";

/** The hits of a bank, each with the bank's id unless it has one. */
export function tagWithBank(hits: readonly MemoryHit[], bankId: string): MemoryHit[] {
  return hits.map((hit) => (hit.bankId === undefined ? { ...hit, bankId } : hit));
}

/** Scores multiplied with the weight of their bank, the highest first. */
export function weightByBank(
  hits: readonly MemoryHit[],
  bankWeights: Readonly<Record<string, number>> = {},
): MemoryHit[] {
  const weights = new Map(Object.entries(bankWeights));
  return byScore(
    hits.map((hit) => ({ ...hit, score: hit.score * (weights.get(hit.bankId ?? "") ?? 1) })),
  );
}

/** Sorted by score; of hits with exactly the same text only the best, the earliest of equal ones. */
export function dedupeByText(hits: readonly MemoryHit[]): MemoryHit[] {
  const seen = new Set<string>();
  return byScore(hits).filter(({ text }) => {
    const isNew = !seen.has(text);
    seen.add(text);
    return isNew;
  });
}
