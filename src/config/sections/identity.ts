import * as z from "zod";
import { text } from "./kinds.js";

const jwtMiddlewareSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether callers are known by their tokens."),
  jwks_uri: text.optional().describe("Where the issuer's keys are."),
  token_audience: text.optional().describe("The audience a token must have."),
  token_issuer: text.optional().describe("The issuer a token must have."),
  algorithms: z.array(text).default(["RS256", "ES256"]).describe("Signatures that are accepted."),
  fail_closed: z.boolean().default(true).describe("Whether a bad token ends the call."),
  allow_anonymous: z.boolean().default(false).describe("Whether a call may have no token."),
  jwks_refresh_interval_hours: z
    .number()
    .nonnegative()
    .default(24)
    .describe("How often the keys are read again."),
});

export const identitySchema = z.object({
  auto_resolve_banks: z
    .boolean()
    .default(false)
    .describe("Whether a recall without a bank looks in all that the caller may read."),
  user_bank_prefix: z.string().default("user-").describe("Of a user's own bank."),
  agent_bank_prefix: z.string().default("agent-").describe("Of an agent's own bank."),
  service_bank_prefix: z.string().default("service-").describe("Of a service's own bank."),
  resolver: z
    .enum(["convention", "config", "custom"])
    .optional()
    .describe("How a caller's bank is found."),
  obo_enabled: z.boolean().default(false).describe("Whether callers may act on behalf of others."),
  jwt_middleware: jwtMiddlewareSchema.prefault({}).describe("Tokens as identities."),
});
