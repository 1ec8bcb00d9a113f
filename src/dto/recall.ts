import * as z from "zod";
import { dispositionsSchema } from "./dispositions.js";
import { modelUsageSchema } from "./llm.js";
import { metadataSchema } from "./metadata.js";
import { timeRangeSchema, timestampSchema } from "./timestamp.js";

/**
 * Why a hit stands where it stands. `strategies` has its place, from 1, and its own score in every search that found it, `signs`
 * what each sign of the default ranking added, `boosts` by how much each later stage changed its score, and `filters` the
 * filters that it satisfied.
 */
export const hitExplanationSchema = z.object({
  strategies: z.record(z.string(), z.object({ rank: z.int(), score: z.number() })),
  signs: z.record(z.string(), z.number()).optional(),
  fusedScore: z.number(),
  boosts: z.record(z.string(), z.number()),
  filters: z.array(z.string()),
});
export type HitExplanation = z.infer<typeof hitExplanationSchema>;

/**
 * A recalled memory. `score` orders this one list and is no similarity. Not part of the portable contract, so that readers
 * ignore them: `strategies` names the searches that found it, `explanation` is there when it was asked for.
 */
export const memoryHitSchema = z.object({
  text: z.string(),
  score: z.number(),
  factType: z.string().optional(),
  metadata: metadataSchema.optional(),
  tags: z.array(z.string()).optional(),
  occurredAt: timestampSchema.optional(),
  source: z.string().optional(),
  memoryId: z.string().optional(),
  bankId: z.string().optional(),
  memoryLayer: z.string().optional(),
  utilityScore: z.number().optional(),
  retainedAt: timestampSchema.optional(),
  chunkId: z.string().optional(),
  strategies: z.array(z.string()).optional(),
  explanation: hitExplanationSchema.optional(),
});
export type MemoryHit = z.infer<typeof memoryHitSchema>;

/** `asOf` travels in time: only what was retained by then. `queryReferenceDate` anchors "yesterday" and filters nothing. */
export const recallRequestSchema = z.object({
  query: z.string(),
  bankId: z.string(),
  maxResults: z.int().default(10),
  maxTokens: z.int().optional(),
  factTypes: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  timeRange: timeRangeSchema.optional(),
  includeSources: z.boolean().default(false),
  layerWeights: z.record(z.string(), z.number()).optional(),
  detailLevel: z.enum(["titles", "bodies", "full"]).optional(),
  externalContext: z.array(memoryHitSchema).optional(),
  asOf: timestampSchema.optional(),
  queryReferenceDate: timestampSchema.optional(),
  dispositions: dispositionsSchema.optional(),
  sessionId: z.string().optional(),
});
export type RecallRequest = z.infer<typeof recallRequestSchema>;

/**
 * `fusionMethod` is rrf, standardised_sum, wiki_tier, cache, fuzzy_recent or bm25_only. Not part of the portable contract:
 * `failures` names the stages that were left out and their errors, `timeRange` is the time that was read from the query, and
 * `stageTimingsMs` is there when an explanation was asked for.
 */
export const recallTraceSchema = z.object({
  strategiesUsed: z.array(z.string()).optional(),
  totalCandidates: z.int().optional(),
  fusionMethod: z.string().optional(),
  latencyMs: z.number().optional(),
  strategyTimingsMs: z.record(z.string(), z.number()).optional(),
  strategyCandidateCounts: z.record(z.string(), z.int()).optional(),
  tierUsed: z.int().optional(),
  layerDistribution: z.record(z.string(), z.int()).optional(),
  cacheHit: z.boolean().optional(),
  wikiTierUsed: z.boolean().optional(),
  failures: z.array(z.string()).optional(),
  timeRange: timeRangeSchema.optional(),
  stageTimingsMs: z.record(z.string(), z.number()).optional(),
});
export type RecallTrace = z.infer<typeof recallTraceSchema>;

/**
 * `totalAvailable` counts the fused candidates; `truncated` is true only when a token budget cut the list, or a bank of several
 * did not answer in time. `usage` (not part of the portable contract) is there when a model was asked.
 */
export const recallResultSchema = z.object({
  hits: z.array(memoryHitSchema),
  totalAvailable: z.int(),
  truncated: z.boolean(),
  trace: recallTraceSchema.optional(),
  authorityContext: z.string().optional(),
  topSemanticScore: z.number().default(0),
  usage: modelUsageSchema.optional(),
});
export type RecallResult = z.infer<typeof recallResultSchema>;
