import * as z from "zod";
import { count } from "./kinds.js";

export const entityCooccurrenceSchema = z.object({
  enabled: z.boolean().default(true).describe("Whether entities of one memory are linked."),
  max_entities_per_memory: count
    .default(5)
    .describe("Most entities of one memory that are linked."),
});
