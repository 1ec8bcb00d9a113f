import * as z from "zod";
import { count, identifier, permissions } from "./kinds.js";

const agentFields = z.object({
  principal: identifier.optional().describe("Who it is; `agent:<id>` when left out."),
  banks: z
    .array(identifier)
    .optional()
    .describe("Bank ids, or shell patterns (`*`, `?`, `[a-z]`) over the banks that are declared."),
  allowed_banks: z.array(identifier).optional().describe("The older spelling of `banks`."),
  default_bank: identifier.optional().describe("The bank of calls that name none."),
  permissions: permissions
    .optional()
    .describe("What it may do there; `read` and `write` when left out."),
  max_retain_per_minute: count.optional().describe("A hint for hosts."),
  max_recall_per_minute: count.optional().describe("A hint for hosts."),
});

const agentSchema = agentFields.transform(({ banks, ...agent }) => ({
  ...agent,
  banks: banks ?? agent.allowed_banks,
}));

export const agentsSchema = z.record(z.string(), agentSchema);
