import * as z from "zod";
import { atLeastOne } from "./kinds.js";

export const escalationSchema = z.object({
  circuit_breaker: z
    .object({
      failure_threshold: atLeastOne.default(5).describe("Failures in a row that open it."),
      recovery_timeout_seconds: z
        .number()
        .positive()
        .default(30)
        .describe("How long it stays open."),
      half_open_max_calls: atLeastOne.default(2).describe("Trial calls when that time is over."),
    })
    .prefault({})
    .describe("Stops calls to a provider that fails."),
  degraded_mode: z
    .enum(["empty_recall", "error", "cache"])
    .default("empty_recall")
    .describe("What callers get while a provider is down. `cache` is the same as `empty_recall`."),
});
