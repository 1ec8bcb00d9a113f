import * as z from "zod";
import { dispositionsSchema } from "./dispositions.js";
import { modelUsageSchema } from "./llm.js";
import { memoryHitSchema } from "./recall.js";
import { timestampSchema } from "./timestamp.js";

export const reflectRequestSchema = z.object({
  query: z.string(),
  bankId: z.string(),
  maxTokens: z.int().optional(),
  includeSources: z.boolean().default(true),
  dispositions: dispositionsSchema.optional(),
  tags: z.array(z.string()).optional(),
  asOf: timestampSchema.optional(),
  queryReferenceDate: timestampSchema.optional(),
});
export type ReflectRequest = z.infer<typeof reflectRequestSchema>;

/**
 * `sources` are all memories that were put before the model; absent when `includeSources` was false. `usage` (not part of
 * the portable contract) adds up the model calls and their tokens.
 */
export const reflectResultSchema = z.object({
  answer: z.string(),
  confidence: z.number().optional(),
  sources: z.array(memoryHitSchema).optional(),
  observations: z.array(z.string()).optional(),
  authorityContext: z.string().optional(),
  usage: modelUsageSchema.extend({ calls: z.int().default(1) }).optional(),
});
export type ReflectResult = z.infer<typeof reflectResultSchema>;
