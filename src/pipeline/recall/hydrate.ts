import type { BankOptions } from "../../spi/call-options.js";
import { findVectors } from "../list-all-vectors.js";
import type { Pipeline } from "../pipeline.js";
import { candidateFromItem, type Candidate } from "./candidate.js";

/** What a store that keeps no more than text can say of a memory. */
export interface BareHit {
  readonly id: string;
  readonly score: number;
}

/** Completes hits from the vector store, in their order; those it does not know (any more) are dropped. */
export async function hydrate(
  { vectorStore }: Pipeline,
  hits: readonly BareHit[],
  options: BankOptions,
): Promise<Candidate[]> {
  const ids = hits.map(({ id }) => id);
  const stored = await findVectors(vectorStore, ids, options);
  return hits.flatMap(({ id, score }) => {
    const item = stored.get(id);
    return item === undefined ? [] : [candidateFromItem(item, score)];
  });
}
