import * as z from "zod";
import { metadataSchema } from "./metadata.js";
import { timeRangeSchema, timestampSchema } from "./timestamp.js";

const memoryFields = {
  metadata: metadataSchema.optional(),
  tags: z.array(z.string()).optional(),
  factType: z.string().optional(),
  occurredAt: timestampSchema.optional(),
  memoryLayer: z.string().optional(),
  retainedAt: timestampSchema.optional(),
  chunkId: z.string().optional(),
};

/**
 * One memory as a store keeps it. `occurredAt` is when the event happened, `retainedAt` when it was stored.
 * An empty `vector` means that the memory has no embedding.
 */
export const vectorItemSchema = z.object({
  id: z.string().min(1),
  bankId: z.string().min(1),
  vector: z.array(z.number()),
  text: z.string().min(1),
  ...memoryFields,
});
export type VectorItem = z.infer<typeof vectorItemSchema>;

/** What a search may be narrowed to; the parts combine with AND. Semantics: {@link matchesFilters}. */
export const vectorFiltersSchema = z.object({
  bankId: z.string().optional(),
  tags: z.array(z.string()).optional(),
  factTypes: z.array(z.string()).optional(),
  timeRange: timeRangeSchema.optional(),
  metadataFilters: metadataSchema.optional(),
  asOf: timestampSchema.optional(),
  sessionId: z.string().optional(),
});
export type VectorFilters = z.infer<typeof vectorFiltersSchema>;

/** A found memory; `score` is a similarity in `[0, 1]`, 1 for the same direction. */
export const vectorHitSchema = z.object({
  id: z.string(),
  text: z.string(),
  score: z.number().min(0),
  ...memoryFields,
});
export type VectorHit = z.infer<typeof vectorHitSchema>;
