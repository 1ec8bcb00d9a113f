import { hashedEmbedding } from "astrocyte/testing";
import * as z from "zod";
import { findDifference } from "../../../find-difference.js";
import { rerankBoost } from "../basic-rerank.js";
import type { StoredMemory } from "../replay.js";
import { settingOf } from "./settings.js";
import type { Rule } from "./rule.js";

const recallSchema = z.looseObject({
  hits: z.array(z.looseObject({ id: z.string(), text: z.string(), score: z.number() })),
  total_available: z.int(),
  top_semantic_score: z.number().optional(),
  trace: z.looseObject({ strategies_used: z.array(z.string()) }).optional(),
});
type Recalled = z.infer<typeof recallSchema>;
type Hit = Recalled["hits"][number];

const dimension = 128;

function similarity(query: string, text: string): number {
  const left = hashedEmbedding(query, dimension);
  const right = hashedEmbedding(text, dimension);
  return left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
}

const rankConstant = 60;

/** Places by similarity, from 1; of equals the first given comes first. */
function placesOf(query: string, memories: readonly StoredMemory[]): Map<string, number> {
  const ranked = memories
    .map(({ label, text }) => ({ label, score: similarity(query, text) }))
    .toSorted((a, b) => (Math.abs(a.score - b.score) < 1e-12 ? 0 : b.score - a.score));
  return new Map(ranked.map(({ label }, index) => [label, index + 1]));
}

/** What every score is of the fusion's `1 / (60 + place)`, when it is the same for all: the weight of the query's intent. */
function weightOf(hits: readonly Hit[], places: ReadonlyMap<string, number>): number | undefined {
  const [weight, ...others] = hits.map(
    ({ id, score }) => score * (rankConstant + (places.get(id) ?? Number.NaN)),
  );
  if (weight === undefined || others.some((other) => !(Math.abs(other - weight) < 1e-6))) {
    return undefined;
  }
  return weight;
}

function withoutRerank(recorded: Recalled, query: string, before: readonly StoredMemory[]): Hit[] {
  const textOf = ({ id, text }: Hit) => before.find(({ label }) => label === id)?.text ?? text;
  const fused = recorded.hits.map((hit) => ({
    ...hit,
    score: hit.score - rerankBoost(query, textOf(hit)),
  }));
  const isSemanticOnly = recorded.trace?.strategies_used.join(",") === "semantic";
  const isWeighted = weightOf(fused, placesOf(query, before)) !== undefined;
  if (!isSemanticOnly || !isWeighted) return fused.toSorted((a, b) => b.score - a.score);
  // Of equals, the newer is first here.
  const places = placesOf(query, before.toReversed());
  return fused
    .map((hit) => ({ ...hit, score: 1 / (rankConstant + (places.get(hit.id) ?? Number.NaN)) }))
    .toSorted((a, b) => b.score - a.score);
}

/**
 * The reference's rerank and its weights by intent, which are not built here: hits come in the order of the fusion, with its
 * scores; equally similar ones the newer first. Where the rerank decided what is cut off, only the number of hits is compared.
 */
export const rerank: Rule = ({ scenario, replayed: { step, before } }, { actual, expected }) => {
  const recorded = recallSchema.safeParse(expected.result);
  const own = recallSchema.safeParse(actual.result);
  if (step.op !== "recall" || scenario.setup.backend !== "pipeline") return undefined;
  if (!recorded.success || !own.success) return undefined;
  if (findDifference(own.data.hits, recorded.data.hits) === undefined) return undefined;
  const query = String(step["query"]);
  const { hits, total_available: total } = recorded.data;
  const isRejecting = settingOf(scenario, "dlp.output_pii_action") === "reject";
  const boosts = new Set(before.map(({ text }) => rerankBoost(query, text)));
  if (hits.length < total && !isRejecting && boosts.size > 1) {
    return {
      actual: { ...actual, result: { ...own.data, hits: own.data.hits.length } },
      expected: { ...expected, result: { ...recorded.data, hits: hits.length } },
    };
  }
  const result = { ...recorded.data, hits: withoutRerank(recorded.data, query, before) };
  return { actual, expected: { ...expected, result } };
};

/** The output scan leaves the other fields of a result as they are; the reference loses this one. */
export const topSemanticScore: Rule = (context, { actual, expected }) => {
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
