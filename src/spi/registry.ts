import type { Clock } from "../clock.js";
import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { EmbeddingCache } from "./embedding-cache.js";

/** The config keys that name a provider. */
export const providerKinds = [
  "vector_store",
  "document_store",
  "graph_store",
  "llm_provider",
  "embedding_provider",
  "provider",
] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** What the host gives a provider that is made from configuration. */
export interface ProviderContext {
  readonly clock: Clock;
  /** Offered to embedding providers when the vector store keeps embeddings. */
  readonly embeddingCache?: EmbeddingCache | undefined;
}

/** Makes a provider from its `<kind>_config` section. */
export type ProviderFactory = (
  config: Readonly<Record<string, unknown>>,
  context: ProviderContext,
) => object | Promise<object>;

interface EntryPoint {
  readonly module: string;
  readonly export: string;
}

const openai: EntryPoint = {
  module: "astrocyte/adapters/langchain",
  export: "createOpenAIProvider",
};
const sqlite: EntryPoint = { module: "astrocyte/adapters/sqlite", export: "createSqliteStore" };

const builtIn: Record<ProviderKind, Readonly<Record<string, EntryPoint>>> = {
  vector_store: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryVectorStore" },
    sqlite,
  },
  document_store: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryDocumentStore" },
    sqlite,
  },
  graph_store: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryGraphStore" },
    sqlite,
  },
  llm_provider: {
    mock: { module: "astrocyte/testing", export: "createMockLLM" },
    openai,
  },
  embedding_provider: {
    local: { module: "astrocyte/adapters/local", export: "createLocalEmbeddings" },
    mock: { module: "astrocyte/testing", export: "createMockLLM" },
    openai,
  },
  provider: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryEngine" },
  },
};

/** What the Python package has under these names is not here. */
const pythonNames: ReadonlySet<string> = new Set([
  "elasticsearch",
  "neo4j",
  "pgvector",
  "postgres",
  "qdrant",
]);

function isFactory(value: unknown): value is ProviderFactory {
  return typeof value === "function";
}

async function loadModule(kind: ProviderKind, name: string): Promise<unknown> {
  try {
    // The name is a value, so that no bundler pulls every adapter in.
    return await import(name);
  } catch (error) {
    throw new ConfigError(`${kind}: module "${name}" cannot be loaded`, { cause: error });
  }
}

export interface ProviderRegistryOptions {
  /** Module specifiers that a configuration may name as `module:Export`. Loading a module runs its code. */
  readonly allowedModules?: readonly string[] | undefined;
}

/** Maps the provider names of a configuration to factories. An entry point is loaded when its name is first used. */
export class ProviderRegistry {
  readonly #registered = new Map<string, ProviderFactory>();
  readonly #allowedModules: ReadonlySet<string>;

  constructor(options: ProviderRegistryOptions = {}) {
    this.#allowedModules = new Set(options.allowedModules);
  }

  /** Adds a name of the host's own; a built-in one is replaced. */
  register(kind: ProviderKind, name: string, factory: ProviderFactory): this {
    this.#registered.set(`${kind}/${name}`, factory);
    return this;
  }

  names(kind: ProviderKind): string[] {
    const prefix = `${kind}/`;
    const own = [...this.#registered.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    return [...new Set([...Object.keys(builtIn[kind]), ...own])].toSorted();
  }

  /**
   * The factory of a name.
   *
   * @throws ConfigError for an unknown name, a module that the host did not allow or that cannot be loaded, or an export that
   *   is no function. A missing peer package shows when the factory is called.
   */
  async resolve(kind: ProviderKind, name: string): Promise<ProviderFactory> {
    const registered = this.#registered.get(`${kind}/${name}`);
    if (registered !== undefined) return registered;
    const entry = this.#entryPoint(kind, name);
    const module = await loadModule(kind, entry.module);
    const factory = isRecord(module) ? module[entry.export] : undefined;
    if (!isFactory(factory)) {
      throw new ConfigError(
        `${kind}: module "${entry.module}" exports no function "${entry.export}"`,
      );
    }
    return factory;
  }

  #entryPoint(kind: ProviderKind, name: string): EntryPoint {
    if (Object.hasOwn(builtIn[kind], name)) {
      const entry = builtIn[kind][name];
      if (entry !== undefined) return entry;
    }
    const colon = name.lastIndexOf(":");
    if (colon > 0) {
      const module = name.slice(0, colon);
      if (this.#allowedModules.has(module)) return { module, export: name.slice(colon + 1) };
      throw new ConfigError(
        `${kind}: "${name}" names a module, and the host did not allow "${module}"; ` +
          "list it in allowedModules, or register the provider under a name of its own",
      );
    }
    const python = pythonNames.has(name) ? "That one is the Python package's. " : "";
    throw new ConfigError(
      `${kind}: unknown provider "${name}"; known: ${this.names(kind).join(", ")}. ${python}` +
        "Register it with a ProviderRegistry, or pass the instance in providers",
    );
  }
}
