import type { PipelineOptions } from "astrocyte";
import * as z from "zod";

/** The settings of an entity resolver, which is a section of the configuration here. */
const resolverSchema = z.strictObject({
  canonical_resolution: z.boolean().optional(),
  enable_llm_disambiguation: z.boolean().optional(),
  confirmation_threshold: z.number().optional(),
  max_candidates_per_entity: z.int().optional(),
});

/** The sections of the configuration for what the reference takes as constructor arguments. */
export function sectionsOf(pipeline: unknown): Record<string, unknown> {
  const parsed = z.looseObject({ entity_resolver: resolverSchema }).safeParse(pipeline);
  return parsed.success
    ? { entity_resolution: { enabled: true, ...parsed.data.entity_resolver } }
    : {};
}

/** Knobs of the reference's pipeline that have a counterpart. */
export const knobsSchema = z
  .strictObject({
    enable_temporal_retrieval: z.boolean().optional(),
    max_chunk_size: z.int().optional(),
    temporal_half_life_days: z.number().optional(),
    semantic_overfetch: z.int().optional(),
    rrf_k: z.number().optional(),
    entity_resolver: resolverSchema.optional(),
    chunk_strategy: z.enum(["dialogue", "fixed", "paragraph", "sentence"]).optional(),
    enable_intent_aware_recall: z.boolean().optional(),
    // On in the reference, off here.
    enable_multi_query_expansion: z.boolean().default(true),
    enable_observation_consolidation: z.boolean().default(true),
    multi_query_confidence_threshold: z.number().optional(),
    enable_hyde: z.boolean().optional(),
    observation_weight: z.number().optional(),
    observation_injection_weight: z.number().optional(),
    final_rerank_mode: z.enum(["heuristic", "llm_pairwise"]).optional(),
    final_rerank_top_n: z.int().optional(),
    final_rerank_keep_n: z.int().nullish(),
  })
  .transform((knobs): PipelineOptions => ({
    enableTemporalRetrieval: knobs.enable_temporal_retrieval,
    maxChunkSize: knobs.max_chunk_size,
    temporalHalfLifeDays: knobs.temporal_half_life_days,
    overfetch: knobs.semantic_overfetch,
    rrfK: knobs.rrf_k,
    chunkStrategy: knobs.chunk_strategy,
    enableIntentAwareRecall: knobs.enable_intent_aware_recall,
    enableMultiQueryExpansion: knobs.enable_multi_query_expansion,
    enableObservationConsolidation: knobs.enable_observation_consolidation,
    multiQueryConfidenceThreshold: knobs.multi_query_confidence_threshold,
    enableHyde: knobs.enable_hyde,
    observationWeight: knobs.observation_weight,
    observationInjectionWeight: knobs.observation_injection_weight,
    finalRerankMode: knobs.final_rerank_mode,
    finalRerankTopN: knobs.final_rerank_top_n,
    finalRerankKeepN: knobs.final_rerank_keep_n ?? undefined,
    // The reference asks the model wherever there is a graph.
    enableEntityExtraction: true,
    enableQueryEntityExtraction: true,
    preset: "reference",
  }));
