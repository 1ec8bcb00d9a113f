import * as z from "zod";
import { atLeastOne, count, share } from "./kinds.js";

export const tieredRetrievalSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether recall tries cheap ways first."),
  min_results: count.default(3).describe("Hits with which a tier is enough."),
  min_score: share.default(0.3).describe("Score that such a hit needs."),
  max_tier: atLeastOne.default(3).describe("The last tier to try."),
  full_recall: z
    .enum(["pipeline", "hybrid"])
    .default("pipeline")
    .describe("What the full recall is."),
});
