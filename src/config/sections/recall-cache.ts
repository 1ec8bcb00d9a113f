import * as z from "zod";
import { atLeastOne, share } from "./kinds.js";

export const recallCacheSchema = z.object({
  enabled: z
    .boolean()
    .default(false)
    .describe(
      "Whether a recall gives what a similar one with the same filters found, as long as the store says that nothing has changed.",
    ),
  similarity_threshold: share.default(0.95).describe("From which two queries are the same."),
  max_entries: atLeastOne.default(256).describe("Most queries a bank keeps."),
  ttl_seconds: z.number().positive().default(300).describe("How long a result is kept."),
});
