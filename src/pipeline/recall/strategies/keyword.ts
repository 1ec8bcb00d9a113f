import type { Strategy } from "./strategy.js";

/** By the words of the query; needs a document store. */
export const keyword: Strategy = ({ documentStore }, { query, bankId, filters, limit, signal }) => {
  if (documentStore === undefined) return undefined;
  return documentStore
    .searchFulltext(query, { bankId, limit, filters, signal })
    .then((hits) =>
      hits.map(({ documentId, text, score }) => ({ id: documentId, text, score, hydrated: false })),
    );
};
