import { candidateFromHit } from "../candidate.js";
import type { Strategy } from "./strategy.js";

/** By the direction of the query's vector; needs embeddings. */
export const semantic: Strategy = (
  { vectorStore },
  { queryVector, bankId, filters, limit, signal },
) => {
  if (queryVector === undefined) return undefined;
  return vectorStore
    .searchSimilar(queryVector, { bankId, limit, filters, signal })
    .then((hits) => hits.map(candidateFromHit));
};
