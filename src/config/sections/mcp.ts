import * as z from "zod";
import { count, text } from "./kinds.js";

export const mcpSchema = z.object({
  default_bank_id: text.optional().describe("The bank of calls that name none."),
  expose_reflect: z.boolean().default(true).describe("Whether there is a tool for reflect."),
  expose_forget: z.boolean().default(false).describe("Whether there is a tool for forget."),
  expose_admin: z.boolean().default(false).describe("Whether there are tools for administration."),
  max_results_limit: count.default(50).describe("Most hits of one call."),
  principal: text.optional().describe("Who calls when the client does not say."),
});
