import { composeLLMProvider, ConfigError, importPeer, type LLMProvider } from "astrocyte";
import * as z from "zod";
import { fromLangChainChatModel } from "./from-langchain-chat-model.js";
import { fromLangChainEmbeddings } from "./from-langchain-embeddings.js";

const providerName = "openai";
const packageName = "@langchain/openai";

/** The `llm_provider_config` or `embedding_provider_config` section. */
export interface OpenAIProviderConfig {
  /** Needed unless `base_url` is a server that asks for none. */
  readonly api_key?: string | null | undefined;
  /** @defaultValue "gpt-4o-mini" */
  readonly model?: string | null | undefined;
  /** @defaultValue "text-embedding-3-small" */
  readonly embedding_model?: string | null | undefined;
  /** A server with the same API, as far as `/v1`. @defaultValue OpenAI's own */
  readonly base_url?: string | null | undefined;
}

const configSchema = z
  .strictObject({
    api_key: z.string().nullish(),
    model: z.string().min(1).nullish(),
    embedding_model: z.string().min(1).nullish(),
    base_url: z.url({ protocol: /^https?$/ }).nullish(),
  })
  .refine(({ api_key: key, base_url: url }) => Boolean(key) || Boolean(url), {
    path: ["api_key"],
    error: "is missing; set it, or OPENAI_API_KEY in the environment",
  });

function parseConfig(config: unknown): z.output<typeof configSchema> {
  const result = configSchema.safeParse(config);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) =>
    [...issue.path.map(String), issue.message].join(": "),
  );
  // No cause: it could hold the key.
  throw new ConfigError(`The settings of "${providerName}" are wrong: ${issues.join("; ")}`);
}

/**
 * OpenAI's chat and embedding models, or those of a server with the same API, through the package `@langchain/openai`. Calls are
 * tried again up to 3 times.
 *
 * @throws ConfigError for settings that are wrong; MissingPeerError when the package is not installed.
 */
export async function createOpenAIProvider(
  config: OpenAIProviderConfig = {},
): Promise<LLMProvider> {
  const settings = parseConfig(config);
  const { ChatOpenAI, OpenAIEmbeddings } = await importPeer(
    packageName,
    "astrocyte/adapters/langchain",
    () => import("@langchain/openai"),
  );
  const common = {
    // Without one the package would look for a key of its own in the environment.
    apiKey: settings.api_key || "none",
    maxRetries: 3,
    ...(settings.base_url ? { configuration: { baseURL: settings.base_url } } : {}),
  };
  const model = settings.model ?? "gpt-4o-mini";
  const embeddingModel = settings.embedding_model ?? "text-embedding-3-small";
  const chat = fromLangChainChatModel(new ChatOpenAI({ ...common, model }), { name: providerName });
  const embeddings = fromLangChainEmbeddings(
    new OpenAIEmbeddings({ ...common, model: embeddingModel }),
    { name: providerName },
  );
  return { ...composeLLMProvider(chat, embeddings), name: providerName };
}
