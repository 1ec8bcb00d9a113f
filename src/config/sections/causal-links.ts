import * as z from "zod";
import { count, share } from "./kinds.js";

export const causalLinksSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether retain asks the model for causes."),
  max_pairs_per_memory: count.default(4).describe("Most links of one memory."),
  min_confidence: share.default(0.7).describe("Confidence below which a link is left out."),
});
