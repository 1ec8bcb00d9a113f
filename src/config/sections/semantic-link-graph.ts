import * as z from "zod";
import { count, share } from "./kinds.js";

export const semanticLinkGraphSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether retain links similar memories."),
  top_k: count.default(5).describe("Most links of one memory."),
  similarity_threshold: share.default(0.7).describe("Similarity from which memories are linked."),
});
