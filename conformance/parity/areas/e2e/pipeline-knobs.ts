import type { PipelineOptions } from "astrocyte";
import * as z from "zod";

/** Knobs of the reference's pipeline that have a counterpart. */
export const knobsSchema = z
  .strictObject({
    enable_temporal_retrieval: z.boolean().optional(),
    max_chunk_size: z.int().optional(),
    temporal_half_life_days: z.number().optional(),
    semantic_overfetch: z.int().optional(),
    rrf_k: z.number().optional(),
    chunk_strategy: z.enum(["dialogue", "fixed", "paragraph", "sentence"]).optional(),
    // Stages that are not built; off is all that they can be.
    enable_multi_query_expansion: z.literal(false),
    enable_observation_consolidation: z.literal(false),
    enable_hyde: z.literal(false).optional(),
  })
  .transform((knobs): PipelineOptions => ({
    enableTemporalRetrieval: knobs.enable_temporal_retrieval,
    maxChunkSize: knobs.max_chunk_size,
    temporalHalfLifeDays: knobs.temporal_half_life_days,
    overfetch: knobs.semantic_overfetch,
    rrfK: knobs.rrf_k,
    chunkStrategy: knobs.chunk_strategy,
    // As the reference has it; the default here is 0.1.
    preset: "reference",
    strategyWeights: { temporal: 1 },
  }));
