import * as z from "zod";

const tierSchema = z.object({
  id: z.string().trim().default("").describe("The tier's name."),
  priority: z.int().default(1).describe("1 is the highest."),
  label: z.string().default("").describe("How prompts name it."),
});

export const recallAuthoritySchema = z.object({
  enabled: z.boolean().default(false).describe("Whether hits are grouped by authority."),
  rules_inline: z.string().optional().describe("Rules for the model."),
  rules_path: z
    .string()
    .optional()
    .describe("A file with rules, relative to the working directory."),
  apply_to_reflect: z.boolean().default(true).describe("Whether reflect sees the groups."),
  tier_by_bank: z
    .record(z.string(), z.string())
    .default({})
    .describe("The tier of a bank's memories."),
  tiers: z.array(tierSchema).default([]).describe("The tiers."),
});
