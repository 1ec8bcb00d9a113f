import type { RecallTrace } from "../../dto/recall.js";
import type { Pipeline } from "../pipeline.js";
import type { Findings } from "./findings.js";
import { reciprocalRankFusion } from "./fusion.js";
import { postFilter } from "./post-filter.js";
import { runStrategies, type StrategyRun } from "./run-strategies.js";
import type { StrategyInput } from "./strategies/strategy.js";

function traceOf(runs: readonly StrategyRun[]): RecallTrace {
  return {
    strategiesUsed: runs.filter(({ error }) => error === undefined).map(({ name }) => name),
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

/** Asks the stores by every strategy that applies, and fuses their answers by rank. */
export async function searchStores(
  pipeline: Pipeline,
  input: StrategyInput,
  excludeSuspects: boolean,
): Promise<Findings> {
  const runs = await runStrategies(pipeline, input);
  const fused = reciprocalRankFusion(runs, pipeline.options.rrfK);
  return {
    entries: postFilter(fused, input.filters, excludeSuspects),
    topSemanticScore: runs.find(({ name }) => name === "semantic")?.items[0]?.score ?? 0,
    trace: traceOf(runs),
  };
}
