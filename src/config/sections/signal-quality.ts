import * as z from "zod";

const share = z.number().min(0).max(1);

export const signalQualitySchema = z.object({
  dedup: z
    .object({
      enabled: z.boolean().default(true),
      similarity_threshold: share.default(0.95),
      action: z.enum(["skip", "warn", "update"]).default("skip"),
      /** Asks the store for the nearest memory too, so that a restart forgets no duplicate. */
      check_store: z.boolean().default(false),
    })
    .prefault({}),
  noisy_bank: z
    .object({
      enabled: z.boolean().default(true),
      retain_spike_multiplier: z.number().positive().default(5),
      /** In Unicode code points. */
      min_avg_content_length: z.number().nonnegative().default(20),
      max_dedup_rate: share.default(0.8),
      action: z.enum(["warn", "throttle", "reject"]).default("warn"),
    })
    .prefault({}),
});
