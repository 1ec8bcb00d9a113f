import * as z from "zod";

export const escalationSchema = z.object({
  circuit_breaker: z
    .object({
      failure_threshold: z.int().positive().default(5),
      recovery_timeout_seconds: z.number().positive().default(30),
      half_open_max_calls: z.int().positive().default(2),
    })
    .prefault({}),
  /** `cache` is the same as `empty_recall`. */
  degraded_mode: z.enum(["empty_recall", "error", "cache"]).default("empty_recall"),
});
