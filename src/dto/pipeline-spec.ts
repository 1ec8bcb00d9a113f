import * as z from "zod";

/** What a routing rule may change in the pipeline for one memory or bank. */
export const pipelineSpecSchema = z.object({
  version: z.int().optional(),
  preset: z.string().optional(),
  chunker: z
    .object({
      strategy: z.string().optional(),
      maxSize: z.int().optional(),
      overlap: z.int().optional(),
    })
    .optional(),
  dedup: z
    .object({
      threshold: z.number().optional(),
      action: z.enum(["skip_chunk", "skip", "warn"]).optional(),
    })
    .optional(),
  rerank: z
    .object({ keywordWeight: z.number().optional(), properNounWeight: z.number().optional() })
    .optional(),
  reflect: z
    .object({
      prompt: z.string().optional(),
      promoteMetadata: z.array(z.string()).max(5).optional(),
    })
    .optional(),
  temporalHalfLifeDays: z.number().positive().optional(),
});
export type PipelineSpec = z.infer<typeof pipelineSpecSchema>;
