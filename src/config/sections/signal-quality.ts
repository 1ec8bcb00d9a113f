import * as z from "zod";
import { share } from "./kinds.js";

export const signalQualitySchema = z.object({
  dedup: z
    .object({
      enabled: z.boolean().default(true).describe("Whether near duplicates are looked for."),
      similarity_threshold: share
        .default(0.95)
        .describe("Cosine similarity from which two chunks are the same."),
      action: z
        .enum(["skip", "warn", "update"])
        .default("skip")
        .describe("Leaves the new chunk out, stores it with a warning, or replaces the old one."),
      check_store: z
        .boolean()
        .default(false)
        .describe(
          "Extension. Asks the store for the nearest memory too, so that a restart forgets no duplicate.",
        ),
    })
    .prefault({})
    .describe("Near duplicates."),
  noisy_bank: z
    .object({
      enabled: z.boolean().default(true).describe("Whether banks are watched for noise."),
      retain_spike_multiplier: z
        .number()
        .positive()
        .default(5)
        .describe("How many times the usual rate of retains is a spike."),
      min_avg_content_length: z
        .number()
        .nonnegative()
        .default(20)
        .describe("Average length, in Unicode code points, below which a bank is noisy."),
      max_dedup_rate: share
        .default(0.8)
        .describe("Share of duplicates above which a bank is noisy."),
      action: z
        .enum(["warn", "throttle", "reject"])
        .default("warn")
        .describe("What happens to the retains of a noisy bank."),
    })
    .prefault({})
    .describe("Banks that fill up with noise."),
});
