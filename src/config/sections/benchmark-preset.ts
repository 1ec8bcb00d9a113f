import * as z from "zod";
import { count, text } from "./kinds.js";

/** What a block leaves out is taken from the middle one, whichever it is. */
const blockSchema = z.object({
  candidate_limit: count.default(30).describe("Most candidates."),
  graph_expansion_limit: count.default(30).describe("Most memories that links add."),
  rerank_top_k: count.default(30).describe("Candidates that are reranked."),
  max_tokens: count.default(8192).describe("Token budget."),
  observation_weight: z.number().nonnegative().default(0).describe("Weight of observations."),
  agentic_reflect_allowed: z.boolean().default(false).describe("Whether reflect may be agentic."),
});

const low = {
  candidate_limit: 12,
  graph_expansion_limit: 12,
  rerank_top_k: 12,
  max_tokens: 2048,
  observation_weight: 0,
  agentic_reflect_allowed: false,
};
const high = {
  candidate_limit: 60,
  graph_expansion_limit: 40,
  rerank_top_k: 40,
  max_tokens: 16_384,
  observation_weight: 0.25,
  agentic_reflect_allowed: true,
};

export const benchmarkPresetSchema = z.object({
  name: text.default("custom").describe("Of the preset, in reports."),
  version: z.int().default(1).describe("Of the preset."),
  budget: z.enum(["low", "mid", "high"]).default("mid").describe("Which block holds."),
  low: blockSchema.prefault(low).describe("The smallest budget."),
  mid: blockSchema.prefault({}).describe("The middle budget."),
  high: blockSchema.prefault(high).describe("The largest budget."),
});
