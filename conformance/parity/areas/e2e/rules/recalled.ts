import { hashedEmbedding } from "astrocyte/testing";
import * as z from "zod";
import { centralFilters } from "./central-filters.js";
import { modelOrder } from "./model-order.js";
import { atLeastOneResult, completeHits, failedStrategies, graphTies } from "./recall-rows.js";
import { settingOf } from "./settings.js";
import type { Rule } from "./rule.js";

const recallSchema = z.looseObject({
  hits: z.array(z.looseObject({ id: z.string(), text: z.string(), score: z.number() })),
  total_available: z.int(),
  top_semantic_score: z.number().optional(),
  trace: z.looseObject({ strategies_used: z.array(z.string()) }).optional(),
});

const tracedSchema = z.looseObject({
  trace: z.looseObject({ strategy_candidate_counts: z.record(z.string(), z.int()) }),
});
const counted = ["semantic", "keyword", "temporal"];

const dimension = 128;

function similarity(query: string, text: string): number {
  const left = hashedEmbedding(query, dimension);
  const right = hashedEmbedding(text, dimension);
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

/** The output scan leaves the other fields of a result as they are; the reference loses this one. */
const topSemanticScore: Rule = (context, { actual, expected }) => {
  const { scenario, replayed } = context;
  const recorded = recallSchema.safeParse(expected.result);
  if (replayed.step.op !== "recall" || !recorded.success) return undefined;
  if (settingOf(scenario, "dlp.scan_recall_output") !== true) return undefined;
  if (scenario.setup.backend !== "pipeline" || recorded.data.trace === undefined) return undefined;
  const query = String(replayed.step["query"]);
  const best = Math.max(0, ...replayed.before.map(({ text }) => similarity(query, text)));
  const result = { ...recorded.data, ...(best === 0 ? {} : { top_semantic_score: best }) };
  return {
    actual,
    expected: { ...expected, result },
    reason: "D-49: the fields of a result outlive the output scan",
  };
};

/** The reference counts the candidates of some strategies only. */
const countedStrategies: Rule = ({ replayed: { step } }, { actual, expected }) => {
  if (step.op !== "recall" && step.op !== "history") return undefined;
  const parsed = tracedSchema.safeParse(actual.result);
  const recorded = tracedSchema.safeParse(expected.result);
  if (!parsed.success || !recorded.success) return undefined;
  const { trace } = parsed.data;
  const counts = Object.entries(trace.strategy_candidate_counts).filter(
    ([name, count]) => counted.includes(name) || (name === "graph" && count > 0),
  );
  const known = { ...trace, strategy_candidate_counts: Object.fromEntries(counts) };
  return { actual: { ...actual, result: { ...parsed.data, trace: known } }, expected };
};

/** Where recall means to differ. */
export const recallRules: readonly Rule[] = [
  topSemanticScore,
  countedStrategies,
  centralFilters,
  failedStrategies,
  atLeastOneResult,
  completeHits,
  graphTies,
  modelOrder,
];
