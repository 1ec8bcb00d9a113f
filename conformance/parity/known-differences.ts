/** A case in which this library means to differ from the reference. */
export interface KnownDifference {
  /** The id in the register of discrepancies, or the statement of the specification that rules. */
  readonly register: string;
  readonly reason: string;
  /** Where it may differ, as paths into `expected`; everything else must agree. */
  readonly at: readonly string[];
}

const tokenBudgetOnly = {
  register: "PIPE-14",
  reason: "truncated says that a token budget cut the list; maxResults does not count",
};

/** By case id. Cases that the recording itself flags as bugs of the reference need no row. */
export const knownDifferences: Readonly<Record<string, KnownDifference>> = {
  "chunking/fixed_edge/001-overlap-equals-size": {
    register: "D-75",
    reason:
      "an overlap as large as a chunk is cut to half of it, and does not give a chunk a character",
    at: ["result"],
  },
  "in_memory_stores/vector/002-ties-keep-insertion-order": {
    register: "02 section 2",
    reason: "ties are ordered by id, so that the order does not depend on when items were stored",
    at: ["results[1].result"],
  },
  "in_memory_stores/graph/001-query-substring": {
    register: "GS-2",
    reason: "aliases are searched as well as names",
    at: ["results[3].result"],
  },
  "in_memory_stores/graph/007-neighbors": {
    register: "D-11",
    reason: "a graph hit carries no placeholder text; the pipeline fills in the memory's own",
    at: ["results[1].result[0].text", "results[1].result[1].text", "results[2].result[0].text"],
  },
  "in_memory_stores/engine/001-recall-overlap": {
    ...tokenBudgetOnly,
    at: ["results[7].result.truncated"],
  },
  "in_memory_stores/engine/002-wildcard": {
    ...tokenBudgetOnly,
    at: ["results[4].result.truncated"],
  },
  "in_memory_stores/engine/013-no-reflect-no-forget": {
    register: "D-15",
    reason: "the engine always forgets, and it says which searches it has",
    at: [
      "results[4]",
      "results[5].result.supports_forget",
      "results[5].result.supports_keyword_search",
      "results[5].result.supports_semantic_search",
      "results[5].result.supports_temporal_search",
    ],
  },
};
