import type { Pipeline } from "../pipeline.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import type { Candidate } from "./candidate.js";
import type { Findings } from "./findings.js";
import { fuseEntries, type EntryList } from "./fuse-entries.js";
import { rankBank } from "./rank-bank.js";
import { runStrategies, type Strategies, type StrategyRun } from "./run-strategies.js";
import { externalRun } from "./search-stores.js";
import { graph } from "./strategies/graph.js";
import { hyde } from "./strategies/hyde.js";
import { observation } from "./strategies/observation.js";
import type { StrategyInput } from "./strategies/strategy.js";

/** What the index of a bank cannot know. */
const strategies: Strategies = [
  ["hyde", hyde],
  ["graph", graph],
  ["observation", observation],
];

function toList({ name, items, weight }: StrategyRun): EntryList {
  const entries = items.map((item) => ({ item, fusedScore: item.score, foundBy: [name] }));
  return { name, weight, entries };
}

/**
 * Ranks a bank by its index, and fuses by place what the graph, observations, a made-up answer and the caller have to add. When
 * they have nothing, the scores of the ranking stay.
 *
 * @throws DimensionMismatchError when the query's vector does not fit the bank's.
 */
export async function searchBank(
  pipeline: Pipeline,
  index: BankIndex,
  input: StrategyInput,
  external: readonly Candidate[],
): Promise<Findings> {
  const ranked = rankBank(pipeline, index, input);
  const searches = await runStrategies(pipeline, strategies, input);
  const found = [...searches, ...externalRun(pipeline, input, external)].filter(
    ({ items }) => items.length > 0,
  );
  if (found.length === 0) return ranked;
  input.log.explanations?.found(found);
  const ranking = { name: "ranking", entries: ranked.entries };
  const { trace } = ranked;
  const counts = found.map(({ name, items }) => [name, items.length] as const);
  const timings = found.map(({ name, milliseconds }) => [name, milliseconds] as const);
  const more = counts.reduce((total, [, count]) => total + count, 0);
  return {
    entries: fuseEntries([ranking, ...found.map(toList)], pipeline.options.rrfK),
    topSemanticScore: ranked.topSemanticScore,
    trace: {
      ...trace,
      fusionMethod: "rrf",
      strategiesUsed: [...(trace.strategiesUsed ?? []), ...counts.map(([name]) => name)],
      totalCandidates: (trace.totalCandidates ?? 0) + more,
      strategyTimingsMs: { ...trace.strategyTimingsMs, ...Object.fromEntries(timings) },
      strategyCandidateCounts: {
        ...trace.strategyCandidateCounts,
        ...Object.fromEntries(counts),
      },
    },
  };
}
