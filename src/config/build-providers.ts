import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../clock.js";
import { AstrocyteError, ConfigError } from "../errors.js";
import type { DocumentStore } from "../spi/document-store.js";
import { isEmbeddingCache } from "../spi/embedding-cache.js";
import type { EngineProvider } from "../spi/engine-provider.js";
import type { GraphStore } from "../spi/graph-store.js";
import { assertProvider, isProvider, type ProtocolName, type Protocols } from "../spi/guards.js";
import type { EmbeddingProvider, LLMProvider } from "../spi/llm-provider.js";
import type { ProviderFactory, ProviderKind, ProviderRegistry } from "../spi/registry.js";
import type { MentalModelStore } from "../spi/mental-model-store.js";
import type { VectorStore } from "../spi/vector-store.js";
import {
  toEmbeddingProvider,
  toLLMProvider,
  toVectorStore,
  type ChatModelLike,
  type EmbeddingsLike,
  type VectorStoreLike,
} from "./langchain-objects.js";
import { revealSecrets } from "./hide-secrets.js";
import { nearestName } from "./nearest-name.js";
import type { AstrocyteConfig } from "./schema.js";

/** Providers that the host passes as objects; each wins over the name in the configuration. */
export interface HostProviders {
  /** A vector store, or a LangChain one that `astrocyte/adapters/langchain` knows. */
  readonly vector_store?: VectorStore | VectorStoreLike | undefined;
  readonly document_store?: DocumentStore | undefined;
  readonly graph_store?: GraphStore | undefined;
  readonly mental_model_store?: MentalModelStore | undefined;
  /** An LLM provider, or a LangChain chat model. */
  readonly llm?: LLMProvider | ChatModelLike | undefined;
  /** An embedding provider, or LangChain embeddings. */
  readonly embeddings?: EmbeddingProvider | EmbeddingsLike | undefined;
  /** A whole memory engine; then no store is needed. */
  readonly engine?: EngineProvider | undefined;
}

interface Closeable {
  close?(): Promise<void>;
}

/** The providers of one brain. `owned` were made from names and are the brain's to close. */
export interface Providers {
  readonly vectorStore?: VectorStore | undefined;
  readonly documentStore?: DocumentStore | undefined;
  readonly graphStore?: GraphStore | undefined;
  readonly mentalModelStore?: MentalModelStore | undefined;
  readonly llm?: LLMProvider | undefined;
  readonly embeddings?: EmbeddingProvider | undefined;
  readonly engine?: EngineProvider | undefined;
  readonly owned: readonly Closeable[];
}

export interface BuildProvidersOptions {
  readonly registry: ProviderRegistry;
  readonly clock: Clock;
  /** What the configuration is, for messages. @defaultValue nothing */
  readonly label?: string | undefined;
}

/** Closes providers, each once, also when one of them fails. */
export async function closeAll(providers: readonly Closeable[]): Promise<void> {
  const results = await Promise.allSettled(
    [...new Set(providers)].map(async (provider) => provider.close?.()),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** A name that repeats another's without settings of its own means that very provider. */
function sharedSettings(
  config: AstrocyteConfig,
  kind: ProviderKind,
): Record<string, unknown> | undefined {
  const name = config[kind];
  if (kind === "embedding_provider" && name === config.llm_provider) {
    return config.llm_provider_config;
  }
  return name === config.vector_store ? config.vector_store_config : undefined;
}

/** The settings with which a provider is made, secrets included. */
export function providerSettings(
  config: AstrocyteConfig,
  kind: ProviderKind,
): Record<string, unknown> {
  return revealSecrets(config[`${kind}_config`] ?? sharedSettings(config, kind) ?? {});
}

const hostKinds: Readonly<Record<keyof HostProviders, string>> = {
  vector_store: "vectorStore",
  document_store: "documentStore",
  graph_store: "graphStore",
  mental_model_store: "mentalModelStore",
  llm: "llm_provider",
  embeddings: "embedding_provider",
  engine: "provider",
};

/** A misspelt key would leave the store or the model out that it should pass. */
function assertHostKinds(host: HostProviders): void {
  const known = Object.keys(hostKinds);
  const problems = Object.keys(host)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const other = Object.entries(hostKinds).find(([, name]) => name === key)?.[0];
      const meant = other ?? nearestName(key, known);
      return meant === undefined ? key : `${key} (did you mean ${meant}?)`;
    });
  if (problems.length === 0) return;
  throw new ConfigError(
    `providers: unknown key ${problems.join(", ")}; allowed: ${known.join(", ")}`,
  );
}

/**
 * A configuration error of a provider, with what it is about. Its cause is left out: what a driver or a parser says may quote
 * an address with its password.
 */
function describeFailure(error: unknown, kind: string, label: string | undefined): unknown {
  if (!AstrocyteError.isInstance(error) || error.code !== "ASTROCYTE_CONFIG") return error;
  const subject = error.message.startsWith(kind) ? "" : `${kind}: `;
  const source = label === undefined ? "" : `${label}: `;
  return new ConfigError(`${source}${subject}${error.message}`);
}

type MakeNamed = (kind: ProviderKind, vectorStore?: VectorStore) => Promise<object | undefined>;

/** Makes what a configuration names; the same name with the same settings is the same object. */
function namedProviders(
  config: AstrocyteConfig,
  { registry, clock, label }: BuildProvidersOptions,
  owned: Closeable[],
): MakeNamed {
  const made: { factory: ProviderFactory; settings: unknown; provider: object }[] = [];
  return async (kind, vectorStore) => {
    const name = config[kind];
    if (name === undefined) return undefined;
    const settings = providerSettings(config, kind);
    const failed = (error: unknown): never => {
      throw describeFailure(error, kind, label);
    };
    const factory = await registry.resolve(kind, name).catch(failed);
    const before = made.find(
      (one) => one.factory === factory && isDeepStrictEqual(one.settings, settings),
    );
    if (before !== undefined) return before.provider;
    const embeddingCache = isEmbeddingCache(vectorStore) ? vectorStore : undefined;
    const provider = await Promise.resolve()
      .then(() => factory(settings, { clock, embeddingCache }))
      .catch(failed);
    made.push({ factory, settings, provider });
    owned.push(provider);
    return provider;
  };
}

function checked<Name extends ProtocolName>(
  provider: unknown,
  protocol: Name,
  label: string,
): Protocols[Name] | undefined {
  if (provider === undefined) return undefined;
  assertProvider(provider, protocol, label);
  return provider;
}

/**
 * @param vectorStore - And `engine`: the providers or their names, whatever is there.
 * @throws ConfigError when nothing is there that could remember.
 */
export function assertTier(config: AstrocyteConfig, vectorStore: unknown, engine: unknown): void {
  if (config.provider_tier === "engine" && engine === undefined) {
    throw new ConfigError(
      'provider_tier is "engine", but no engine is set; name one as provider, or set provider_tier: storage',
    );
  }
  if (engine === undefined && vectorStore === undefined) {
    throw new ConfigError(
      "No store is set: name one as vector_store (sqlite, postgres, in_memory), or pass providers.vector_store",
    );
  }
}

/**
 * Turns names and passed objects into providers. When one fails, those made before it are closed.
 *
 * @throws ConfigError or MissingPeerError that names the setting.
 */
export async function buildProviders(
  config: AstrocyteConfig,
  host: HostProviders,
  options: BuildProvidersOptions,
): Promise<Providers> {
  assertHostKinds(host);
  const owned: Closeable[] = [];
  const make = namedProviders(config, options, owned);
  try {
    const engine = checked(host.engine ?? (await make("provider")), "EngineProvider", "provider");
    const rawVectorStore = host.vector_store ?? (await make("vector_store"));
    assertTier(config, rawVectorStore, engine);
    const vectorStore =
      rawVectorStore === undefined
        ? undefined
        : await toVectorStore(
            rawVectorStore,
            "vector_store",
            providerSettings(config, "vector_store"),
          );
    // An adapter that was put around the host's object is ours to close, and closes nothing of the host's.
    if (vectorStore !== undefined && vectorStore !== rawVectorStore) owned.push(vectorStore);
    const documentStore = checked(
      host.document_store ?? (await make("document_store")),
      "DocumentStore",
      "document_store",
    );
    const graphStore = checked(
      host.graph_store ?? (await make("graph_store")),
      "GraphStore",
      "graph_store",
    );
    const mentalModelStore = checked(
      host.mental_model_store ?? (await make("mental_model_store")),
      "MentalModelStore",
      "mental_model_store",
    );
    const rawLLM = host.llm ?? (await make("llm_provider"));
    const rawEmbeddings = host.embeddings ?? (await make("embedding_provider", vectorStore));
    return {
      engine,
      vectorStore,
      documentStore:
        documentStore ?? (isProvider(vectorStore, "DocumentStore") ? vectorStore : undefined),
      graphStore: graphStore ?? (isProvider(vectorStore, "GraphStore") ? vectorStore : undefined),
      mentalModelStore,
      llm: rawLLM === undefined ? undefined : await toLLMProvider(rawLLM, "llm"),
      embeddings:
        rawEmbeddings === undefined
          ? undefined
          : await toEmbeddingProvider(rawEmbeddings, "embeddings"),
      owned,
    };
  } catch (error) {
    await closeAll(owned).catch(() => undefined);
    throw error;
  }
}
