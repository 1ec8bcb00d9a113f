import * as z from "zod";
import { count, text } from "./kinds.js";

export const lifecycleSchema = z.object({
  enabled: z
    .boolean()
    .default(false)
    .describe(
      "Whether `brain.runLifecycle` deletes old memories. Nothing calls it by itself, and every start says so.",
    ),
  ttl: z
    .object({
      archive_after_days: count.default(90).describe("Without a recall."),
      delete_after_days: count.default(365).describe("After it was stored."),
      exempt_tags: z.array(text).default([]).describe("Memories with one of these tags stay."),
      fact_type_overrides: z
        .record(z.string(), count.nullable())
        .default({})
        .describe("Other days until archiving, by fact type; null never archives."),
    })
    .prefault({})
    .describe("How long memories live."),
});
