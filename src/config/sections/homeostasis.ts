import * as z from "zod";

const limit = z.int().nonnegative().optional();

/** Token budgets, rates and daily quotas. A rate of 0 means no limit, a quota of 0 blocks. */
export const homeostasisSchema = z.object({
  recall_max_tokens: limit,
  reflect_max_tokens: limit,
  /** UTF-8 bytes of one content. */
  retain_max_content_bytes: limit,
  /** What counts tokens: an estimate without a tokenizer, or an exact encoding. */
  tokenizer: z.enum(["heuristic", "cl100k_base", "o200k_base"]).default("heuristic"),
  rate_limits: z
    .object({
      retain_per_minute: limit,
      recall_per_minute: limit,
      reflect_per_minute: limit,
      global_per_minute: limit,
    })
    .prefault({}),
  quotas: z.object({ retain_per_day: limit, reflect_per_day: limit }).prefault({}),
});
