import { matchesFilters } from "../../dto/filters.js";
import { findVectors } from "../list-all-vectors.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import { expandLinks } from "./expansion/expand-links.js";
import { fuseEntries } from "./fuse-entries.js";
import type { Fused } from "./fusion.js";
import type { StrategyInput } from "./strategies/strategy.js";

const name = "links";

/** Adds what the graph links to the best candidates, where the configuration says so; a graph that fails adds nothing. */
export async function followLinks(
  pipeline: Pipeline,
  entries: readonly Fused<Candidate>[],
  { bankId, filters, signal, log }: StrategyInput,
): Promise<readonly Fused<Candidate>[]> {
  const { graphStore, vectorStore, recallSettings, options } = pipeline;
  const { linkExpansion } = recallSettings;
  if (graphStore === undefined || linkExpansion === undefined || entries.length === 0) {
    return entries;
  }
  try {
    const linked = await expandLinks(
      graphStore,
      (ids) => findVectors(vectorStore, ids, { bankId, signal }),
      entries.map(({ item }) => item.id),
      { bankId, signal, limit: linkExpansion.limit, tags: filters.tags },
    );
    const items = linked.filter((candidate) => matchesFilters(candidate, filters));
    if (items.length === 0) return entries;
    log.explanations?.found([{ name, items }]);
    const found = items.map((item) => ({ item, fusedScore: item.score, foundBy: [name] }));
    return fuseEntries(
      [
        { name: "found", entries },
        { name, entries: found },
      ],
      options.rrfK,
    );
  } catch (error) {
    signal?.throwIfAborted();
    log.fail(name, error);
    return entries;
  }
}
