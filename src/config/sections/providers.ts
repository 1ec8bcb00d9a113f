import * as z from "zod";

/** A blank name names nothing, as when an environment variable is set and empty. */
const providerName = (what: string) =>
  z
    .string()
    .trim()
    .transform((name) => (name === "" ? undefined : name))
    .optional()
    .describe(what);

const settings = (kind: string) =>
  z
    .record(z.string(), z.unknown())
    .optional()
    .describe(`Settings of the ${kind}; what they are is the provider's.`);

const graphStore = providerName(
  "Where entities and links live: `sqlite`, `postgres`, `in_memory`.",
).refine(
  (name) => name?.toLowerCase() !== "age",
  "Apache AGE is not supported, use sqlite, postgres or in_memory, or leave graph_store out",
);

/** The keys at the top of the document that name profiles and providers. */
export const providerKeys = {
  provider_tier: z
    .enum(["storage", "engine"])
    .optional()
    .describe(
      "Our pipeline over stores, or a provider that does everything itself. Left out, it is `engine` when a `provider` is " +
        "named, else `storage`.",
    ),
  profile: providerName(
    "A behaviour profile under this document: `minimal`, `support`, `coding`, `personal`, `research`, or a file that begins " +
      "with `./` or `/`, relative to this one.",
  ),
  compliance_profile: providerName(
    "A compliance profile under the behaviour profile: `gdpr`, `hipaa`, `pdpa`, or a file. What weakens it is reported.",
  ),
  provider: providerName("A whole memory engine, for the tier `engine`."),
  provider_config: settings("engine"),
  vector_store: providerName("Where memories live: `sqlite`, `postgres`, `in_memory`."),
  vector_store_config: settings("vector store"),
  graph_store: graphStore,
  graph_store_config: settings("graph store"),
  document_store: providerName("Where text is searched: `sqlite`, `postgres`, `in_memory`."),
  document_store_config: settings("document store"),
  wiki_store: providerName("Where compiled pages live."),
  wiki_store_config: settings("wiki store"),
  mental_model_store: providerName("Where mental models live."),
  mental_model_store_config: settings("mental model store"),
  source_store: providerName("Where sources and their chunks live."),
  source_store_config: settings("source store"),
  pageindex_store: providerName("Where page indexes live."),
  pageindex_store_config: settings("page index store"),
  llm_provider: providerName("The model that answers: `openai`, `mock`."),
  llm_provider_config: settings(
    "model. `openai` takes `api_key` (else the environment's `OPENAI_API_KEY`), `model`, `embedding_model`, `base_url`",
  ),
  embedding_provider: providerName(
    "What turns texts into vectors: `local`, `openai`, `mock`. Left out, the model does if it can.",
  ),
  embedding_provider_config: settings("embedding provider"),
  fallback_strategy: z
    .enum(["error", "degrade", "local_llm"])
    .default("error")
    .describe(
      "What reflect does when the engine has none: fail, answer with the hits, or ask the configured model.",
    ),
  mip_config_path: providerName("The file of routing rules (MIP), relative to this one."),
  mip: providerName("The same as `mip_config_path`, which goes first."),
};
