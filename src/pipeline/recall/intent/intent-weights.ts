import type { QueryIntent } from "./query-intent.js";

/** Strategies whose weight depends on the intent; every other has 1. */
export type WeightedStrategy = "semantic" | "keyword" | "graph" | "temporal";
export type StrategyWeights = Readonly<Record<WeightedStrategy, number>>;

const even: StrategyWeights = { semantic: 1, keyword: 1, graph: 1, temporal: 1 };

/** @remarks Contract 05 section 6.2. */
const weights: Readonly<Record<QueryIntent, StrategyWeights>> = {
  factual: { semantic: 1.2, keyword: 1.2, graph: 0.7, temporal: 0.8 },
  relational: { semantic: 0.9, keyword: 0.8, graph: 1.5, temporal: 0.8 },
  comparative: { semantic: 1, keyword: 1.3, graph: 1, temporal: 0.8 },
  procedural: { semantic: 1.2, keyword: 1, graph: 0.8, temporal: 0.8 },
  temporal: { semantic: 0.9, keyword: 0.9, graph: 0.8, temporal: 1.5 },
  exploratory: even,
  unknown: even,
};

/** What each strategy's ranking counts in the fusion for a question of this intent. */
export function intentWeights(intent: QueryIntent): StrategyWeights {
  return weights[intent];
}
