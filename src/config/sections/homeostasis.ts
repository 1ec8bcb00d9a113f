import * as z from "zod";
import { count } from "./kinds.js";

const limit = (what: string) => count.optional().describe(what);

/** Token budgets, rates and daily quotas. A rate of 0 means no limit, a quota of 0 blocks. */
export const homeostasisSchema = z.object({
  recall_max_tokens: limit("Token budget of a recall that names none."),
  reflect_max_tokens: limit("Token budget of a reflect that names none."),
  retain_max_content_bytes: limit("Most UTF-8 bytes of one content; longer ones are refused."),
  tokenizer: z
    .enum(["heuristic", "cl100k_base", "o200k_base"])
    .default("heuristic")
    .describe(
      "Extension. What counts tokens: an estimate without a tokenizer, or an exact encoding.",
    ),
  rate_limits: z
    .object({
      retain_per_minute: limit("Per bank; 0 means no limit."),
      recall_per_minute: limit("Per bank; 0 means no limit."),
      reflect_per_minute: limit("Per bank; 0 means no limit."),
      global_per_minute: limit("All operations and banks together; 0 means no limit."),
    })
    .prefault({})
    .describe("Calls in a minute."),
  quotas: z
    .object({
      retain_per_day: limit("Per bank; 0 blocks every retain."),
      reflect_per_day: limit("Per bank; 0 blocks every reflect."),
    })
    .prefault({})
    .describe("Calls in a day (UTC)."),
});
