import * as z from "zod";
import { count, text } from "./kinds.js";

export const curatedRetainSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether the model decides what is worth keeping."),
  model: text.optional().describe("Which model."),
  context_recall_limit: count.default(5).describe("Memories it sees beside the new one."),
});
