import type { VectorHit, VectorItem } from "../../dto/vector.js";

/** A memory that a strategy found, with everything that filters look at. `score` is the strategy's own. */
export type Candidate = VectorHit;

export function candidateFromItem(
  item: Omit<VectorItem, "vector"> & Partial<Pick<VectorItem, "vector">>,
  score: number,
): Candidate {
  const { vector: _vector, bankId: _bankId, ...fields } = item;
  return { ...fields, score };
}
