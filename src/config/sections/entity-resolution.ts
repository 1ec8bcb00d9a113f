import * as z from "zod";
import { atLeastOne, share } from "./kinds.js";

export const entityResolutionSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether names of one entity are joined."),
  defer_to_async: z.boolean().default(false).describe("Whether that happens later."),
  similarity_threshold: share.default(0.8).describe("Similarity that makes a candidate."),
  confirmation_threshold: share.default(0.75).describe("Confidence that joins."),
  max_candidates_per_entity: atLeastOne.default(3).describe("Most candidates of one name."),
  enable_llm_disambiguation: z.boolean().default(true).describe("Whether the model is asked."),
  canonical_resolution: z.boolean().default(false).describe("Whether ids are made canonical."),
});
