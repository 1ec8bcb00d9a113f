import * as z from "zod";
import { identifier, permissions } from "./kinds.js";

export const accessControlSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether grants are needed at all."),
  default_policy: z
    .enum(["owner_only", "open", "deny"])
    .default("owner_only")
    .describe(
      "Where no grant holds. `open` allows reading and writing; the others allow nothing, since nobody records who owns a bank.",
    ),
  allow_principal_prefixes: z
    .boolean()
    .default(false)
    .describe("Extension. Whether a grant's principal may end in `:*`, as in `agent:*`."),
});

export const accessGrantsSchema = z.array(
  z.object({
    bank_id: identifier.describe("A bank id, or `*`."),
    principal: identifier.describe("`agent:x`, `user:x`, `service:x`, or `*`."),
    permissions: permissions.describe("What the principal may do in the bank."),
  }),
);
