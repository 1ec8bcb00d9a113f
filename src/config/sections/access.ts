import * as z from "zod";

const name = z.string().trim().min(1);
export const permissionsSchema = z.array(z.enum(["read", "write", "forget", "admin", "*"]));

export const accessControlSchema = z.object({
  enabled: z.boolean().default(false),
  default_policy: z.enum(["owner_only", "open", "deny"]).default("owner_only"),
  /** Whether a grant's principal may end in `:*`, as in `agent:*`. */
  allow_principal_prefixes: z.boolean().default(false),
});

export const accessGrantsSchema = z
  .array(z.object({ bank_id: name, principal: name, permissions: permissionsSchema }))
  .default([]);
