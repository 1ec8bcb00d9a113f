import * as z from "zod";
import { isBankId } from "../../dto/bank-id.js";
import { barriersSchema } from "./barriers.js";
import { homeostasisSchema } from "./homeostasis.js";
import { identifier, permissions, text } from "./kinds.js";
import { signalQualitySchema } from "./signal-quality.js";

const accessRowSchema = z.object({
  principal: identifier.describe("`agent:x`, `user:x`, `service:x`, or `*`."),
  permissions: permissions.describe("What the principal may do in this bank."),
});

/**
 * One bank's settings. Here they are only checked: the values of a section that a bank gives in part are completed with the
 * defaults, whereas the bank's policy has the global ones, by `resolveBankDocument`.
 */
const bankSchema = z.object({
  profile: text
    .optional()
    .describe(
      "A behaviour profile for this bank, over the global settings and under the bank's own.",
    ),
  access: z.array(accessRowSchema).optional().describe("Grants on this bank."),
  homeostasis: homeostasisSchema.optional().describe("Settings that differ for this bank."),
  barriers: barriersSchema.optional().describe("Settings that differ for this bank."),
  signal_quality: signalQualitySchema.optional().describe("Settings that differ for this bank."),
});

export const banksSchema = z.record(
  z
    .string()
    .refine(
      isBankId,
      "is no bank id: expected 1 to 255 of a-z A-Z 0-9 . _ : @ -, a letter or digit first",
    ),
  bankSchema,
);
