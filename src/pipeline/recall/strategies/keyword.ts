import { fetchMatching } from "../fetch-matching.js";
import { hydrate } from "../hydrate.js";
import type { Strategy } from "./strategy.js";

/** By the words of the query; needs a document store. */
export const keyword: Strategy = {
  applies: ({ documentStore }) => documentStore !== undefined,
  search: (pipeline, { query, bankId, filters, excludeSuspects, limit, signal }) =>
    fetchMatching(
      async (count) => {
        const options = { bankId, limit: count, filters, signal };
        const hits = (await pipeline.documentStore?.searchFulltext(query, options)) ?? [];
        const bare = hits.map(({ documentId, score }) => ({ id: documentId, score }));
        const candidates = await hydrate(pipeline, bare, { bankId, signal });
        return { candidates, exhausted: hits.length < count };
      },
      { filters, excludeSuspects },
      limit,
    ),
};
