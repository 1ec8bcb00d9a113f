import * as z from "zod";

const providerName = z.string().trim().min(1);
const section = z.record(z.string(), z.unknown());

/** An environment reference always yields text, so a number may arrive as one. */
const tokens = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/, "expected a whole number from 0")
    .transform(Number),
]);

/**
 * The part of the configuration document that this version acts on. Keys keep the document's snake_case. What else the
 * contract knows is checked by `unsupported-keys.ts`.
 */
export const configSchema = z.object({
  provider_tier: z.enum(["storage", "engine"]).optional(),
  profile: providerName.optional(),
  provider: providerName.optional(),
  provider_config: section.optional(),
  vector_store: providerName.optional(),
  vector_store_config: section.optional(),
  document_store: providerName.optional(),
  document_store_config: section.optional(),
  graph_store: providerName.optional(),
  graph_store_config: section.optional(),
  llm_provider: providerName.optional(),
  llm_provider_config: section.optional(),
  embedding_provider: providerName.optional(),
  embedding_provider_config: section.optional(),
  fallback_strategy: z.enum(["error", "degrade", "local_llm"]).default("error"),
  homeostasis: z
    .object({
      recall_max_tokens: tokens.optional(),
      reflect_max_tokens: tokens.optional(),
    })
    .default({}),
});
export type AstrocyteConfig = z.infer<typeof configSchema>;
