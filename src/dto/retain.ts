import * as z from "zod";
import { modelUsageSchema } from "./llm.js";
import { metadataSchema } from "./metadata.js";
import { pipelineSpecSchema } from "./pipeline-spec.js";
import { timestampSchema } from "./timestamp.js";

/** `contentType` is text, conversation, transcript, document, email, event, or another word. */
export const retainRequestSchema = z.object({
  content: z.string(),
  bankId: z.string(),
  metadata: metadataSchema.optional(),
  tags: z.array(z.string()).optional(),
  occurredAt: timestampSchema.optional(),
  source: z.string().optional(),
  contentType: z.string().default("text"),
  extractionProfile: z.string().optional(),
  mipPipeline: pipelineSpecSchema.optional(),
  mipRuleName: z.string().optional(),
});
export type RetainRequest = z.infer<typeof retainRequestSchema>;

/**
 * The outcome of a retain. `memoryId` is the first chunk's id. Not part of the portable contract, so that readers ignore them:
 * `memoryIds` are those of all chunks, and `usage` is there when models were asked before it returned. A refused content is
 * `stored: false` with `error`.
 */
export const retainResultSchema = z.object({
  stored: z.boolean(),
  memoryId: z.string().optional(),
  memoryIds: z.array(z.string()).optional(),
  deduplicated: z.boolean().default(false),
  error: z.string().optional(),
  retentionAction: z.string().optional(),
  curated: z.boolean().default(false),
  memoryLayer: z.string().optional(),
  usage: modelUsageSchema.optional(),
});
export type RetainResult = z.infer<typeof retainResultSchema>;
