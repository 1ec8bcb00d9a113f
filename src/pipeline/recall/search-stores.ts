import type { RecallTrace } from "../../dto/recall.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import type { Findings } from "./findings.js";
import { reciprocalRankFusion } from "./fusion.js";
import { runStrategies, type Strategies, type StrategyRun } from "./run-strategies.js";
import { entityPath } from "./strategies/entity-path.js";
import { graph } from "./strategies/graph.js";
import { hyde } from "./strategies/hyde.js";
import { keyword } from "./strategies/keyword.js";
import { observation } from "./strategies/observation.js";
import { semantic } from "./strategies/semantic.js";
import type { StrategyInput } from "./strategies/strategy.js";
import { temporal } from "./strategies/temporal.js";
import { weightOf } from "./strategy-weights.js";

const strategies: Strategies = [
  ["semantic", semantic],
  ["hyde", hyde],
  ["graph", graph],
  ["keyword", keyword],
  ["temporal", temporal],
  ["entity_path", entityPath],
  ["observation", observation],
];

/** Those that are asked of every query; the others are named in the trace when they found something. */
const always: readonly string[] = ["semantic", "keyword", "temporal"];

function traceOfRuns(runs: readonly StrategyRun[]): RecallTrace {
  return {
    strategiesUsed: runs
      .filter(
        ({ name, items, error }) =>
          error === undefined && (always.includes(name) || items.length > 0),
      )
      .map(({ name }) => name),
    totalCandidates: runs.reduce((total, { items }) => total + items.length, 0),
    fusionMethod: "rrf",
    strategyTimingsMs: Object.fromEntries(
      runs.map(({ name, milliseconds }) => [name, milliseconds]),
    ),
    strategyCandidateCounts: Object.fromEntries(
      runs.map(({ name, items }) => [name, items.length]),
    ),
  };
}

/** What the caller brings along, as a strategy that has run. */
export function externalRun(
  pipeline: Pipeline,
  input: StrategyInput,
  external: readonly Candidate[],
): StrategyRun[] {
  if (external.length === 0) return [];
  const weight = weightOf(pipeline, "proxy", input);
  return [{ name: "proxy", items: external, weight, milliseconds: 0 }];
}

/**
 * Asks the stores by every strategy that applies, and fuses their answers by rank.
 *
 * @throws The first error when all strategies fail, since an outage must not look like an empty memory; DimensionMismatchError
 * when the query's vector does not fit the store.
 */
export async function searchStores(
  pipeline: Pipeline,
  input: StrategyInput,
  external: readonly Candidate[],
): Promise<Findings> {
  const searches = await runStrategies(pipeline, strategies, input);
  if (searches.length > 0 && searches.every(({ error }) => error !== undefined)) {
    throw searches[0]?.error;
  }
  const runs = [...searches, ...externalRun(pipeline, input, external)];
  input.log.explanations?.found(runs);
  return {
    entries: reciprocalRankFusion(runs, pipeline.options.rrfK),
    topSemanticScore: runs.find(({ name }) => name === "semantic")?.items[0]?.score ?? 0,
    trace: traceOfRuns(runs),
  };
}
