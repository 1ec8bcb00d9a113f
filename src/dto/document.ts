import * as z from "zod";
import { metadataSchema } from "./metadata.js";

export const documentSchema = z.object({
  id: z.string().min(1),
  text: z.string(),
  metadata: metadataSchema.optional(),
  tags: z.array(z.string()).optional(),
});
export type Document = z.infer<typeof documentSchema>;

export const documentFiltersSchema = z.object({
  tags: z.array(z.string()).optional(),
  metadataFilters: metadataSchema.optional(),
});
export type DocumentFilters = z.infer<typeof documentFiltersSchema>;

/** `score` orders one result list, higher is better; it has no bound and no meaning across queries. */
export const documentHitSchema = z.object({
  documentId: z.string(),
  text: z.string(),
  score: z.number(),
  metadata: metadataSchema.optional(),
});
export type DocumentHit = z.infer<typeof documentHitSchema>;
