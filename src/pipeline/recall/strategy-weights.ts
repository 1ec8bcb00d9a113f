import type { Pipeline } from "../pipeline.js";
import { intentWeights } from "./intent/intent-weights.js";
import { observationWeight } from "./strategies/observation.js";
import type { StrategyInput } from "./strategies/strategy.js";

export type StrategyName =
  | "semantic"
  | "hyde"
  | "graph"
  | "keyword"
  | "temporal"
  | "entity_path"
  | "observation"
  | "proxy";

/**
 * Beside whole rankings, or searches that look at the question, recency and kinship say little; at the weight of the others they
 * would bury what answers it.
 */
const defaultWeights: Partial<Record<StrategyName, number>> = {
  temporal: 0.1,
  graph: 0.25,
  hyde: 0.5,
};

function byIntent(name: StrategyName, { intent }: Pick<StrategyInput, "intent">): number {
  const weights = intentWeights(intent);
  const known: Partial<Record<StrategyName, number>> = { ...weights, proxy: weights.semantic };
  return known[name] ?? 1;
}

/** What a strategy's ranking counts in the fusion. */
export function weightOf(
  pipeline: Pipeline,
  name: StrategyName,
  input: Pick<StrategyInput, "intent" | "query">,
): number {
  const { strategyWeights, preset, enableIntentAwareRecall } = pipeline.options;
  const chosen = strategyWeights?.[name];
  if (chosen !== undefined) return chosen;
  if (name === "observation") return observationWeight(pipeline, input);
  if (preset !== "reference") return defaultWeights[name] ?? 1;
  return enableIntentAwareRecall === false ? 1 : byIntent(name, input);
}
