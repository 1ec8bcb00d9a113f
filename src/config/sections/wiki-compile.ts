import * as z from "zod";
import { count } from "./kinds.js";

export const wikiCompileSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether memories are compiled into pages."),
  auto_start: z.boolean().default(false).describe("Whether that starts by itself."),
  size_threshold: count.default(50).describe("New memories that start it."),
  staleness_days: z.number().nonnegative().default(7).describe("Days that start it."),
  staleness_min_memories: count.default(10).describe("Memories it needs then."),
  max_queue_size: count.default(100).describe("Most banks that wait."),
});
