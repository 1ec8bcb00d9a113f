import * as z from "zod";
import { accessControlSchema, accessGrantsSchema } from "./sections/access.js";
import { barriersSchema } from "./sections/barriers.js";
import { dlpSchema } from "./sections/dlp.js";
import { escalationSchema } from "./sections/escalation.js";
import { homeostasisSchema } from "./sections/homeostasis.js";
import { observabilitySchema } from "./sections/observability.js";
import { signalQualitySchema } from "./sections/signal-quality.js";

const providerName = z.string().trim().min(1);
const settings = z.record(z.string(), z.unknown());

/**
 * The part of the configuration document that this version acts on. Keys keep the document's snake_case. What else the
 * contract knows is checked by `unsupported-keys.ts`.
 */
export const configSchema = z.object({
  provider_tier: z.enum(["storage", "engine"]).optional(),
  profile: providerName.optional(),
  provider: providerName.optional(),
  provider_config: settings.optional(),
  vector_store: providerName.optional(),
  vector_store_config: settings.optional(),
  document_store: providerName.optional(),
  document_store_config: settings.optional(),
  graph_store: providerName.optional(),
  graph_store_config: settings.optional(),
  llm_provider: providerName.optional(),
  llm_provider_config: settings.optional(),
  embedding_provider: providerName.optional(),
  embedding_provider_config: settings.optional(),
  fallback_strategy: z.enum(["error", "degrade", "local_llm"]).default("error"),
  homeostasis: homeostasisSchema.prefault({}),
  barriers: barriersSchema.prefault({}),
  signal_quality: signalQualitySchema.prefault({}),
  escalation: escalationSchema.prefault({}),
  access_control: accessControlSchema.prefault({}),
  access_grants: accessGrantsSchema,
  dlp: dlpSchema.prefault({}),
  observability: observabilitySchema.prefault({}),
});
export type AstrocyteConfig = z.infer<typeof configSchema>;

/** The document as it is written; whatever is left out has its default. */
export type AstrocyteConfigInput = z.input<typeof configSchema>;
