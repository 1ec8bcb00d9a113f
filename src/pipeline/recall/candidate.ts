import type { VectorHit, VectorItem } from "../../dto/vector.js";

/** A memory that a strategy found. `score` is the strategy's own; the memory's other fields may still be missing. */
export interface Candidate extends Omit<VectorHit, "score"> {
  readonly score: number;
  /** True when the fields besides `id` and `text` are as stored. */
  readonly hydrated: boolean;
}

export function candidateFromHit(hit: VectorHit): Candidate {
  return { ...hit, hydrated: true };
}

export function candidateFromItem(item: VectorItem, score: number): Candidate {
  const { vector: _vector, bankId: _bankId, ...fields } = item;
  return { ...fields, score, hydrated: true };
}
