import { fetchMatching } from "../fetch-matching.js";
import type { Strategy } from "./strategy.js";

/** By the direction of the query's vector; needs embeddings. */
export const semantic: Strategy = {
  applies: (_pipeline, { queryVector }) => queryVector !== undefined,
  search: (
    { vectorStore },
    { queryVector = [], bankId, filters, excludeSuspects, limit, signal },
  ) =>
    fetchMatching(
      async (count) => {
        const options = { bankId, limit: count, filters, signal };
        const candidates = await vectorStore.searchSimilar(queryVector, options);
        return { candidates, exhausted: candidates.length < count };
      },
      { filters, excludeSuspects },
      limit,
    ),
};
