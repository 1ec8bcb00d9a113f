import * as z from "zod";
import { count } from "./kinds.js";

export const sourceAwareRetrievalSchema = z.object({
  retain_provenance: z.boolean().default(false).describe("Whether retain keeps its source chunks."),
  chunk_expansion: z.boolean().default(false).describe("Whether recall adds neighbouring chunks."),
  expansion_score_multiplier: z
    .number()
    .nonnegative()
    .default(0.5)
    .describe("What a neighbour's score is of the hit's."),
  expansion_max_per_hit: count.default(4).describe("Most neighbours of one hit."),
});
