import type { Clock } from "../clock.js";
import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { EmbeddingCache } from "./embedding-cache.js";

/** The config keys that name a provider. */
export const providerKinds = [
  "vector_store",
  "document_store",
  "graph_store",
  "mental_model_store",
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

type Settings = Readonly<Record<string, unknown>>;

interface EntryPoint {
  readonly module: string;
  readonly export: string;
  /** What tries the same settings without opening anything, where making the provider cannot. */
  readonly check?: string | undefined;
  /** Settings with which making the provider shows the same mistakes, and opens nothing. */
  readonly rehearsal?: ((settings: Settings) => Settings) | undefined;
}

const openai: EntryPoint = {
  module: "astrocyte/adapters/langchain/models",
  export: "createOpenAIProvider",
};
const sqlite: EntryPoint = {
  module: "astrocyte/adapters/sqlite",
  export: "createSqliteStore",
  rehearsal: ({ path, url, ...settings }) =>
    // Both at once are a mistake that the store finds before it opens anything.
    path && url ? { path, url, ...settings } : { ...settings, path: ":memory:" },
};

const postgres: EntryPoint = {
  module: "astrocyte/adapters/postgres",
  export: "createPostgresStore",
  check: "checkPostgresConfig",
};

const builtIn: Record<ProviderKind, Readonly<Record<string, EntryPoint>>> = {
  vector_store: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryVectorStore" },
    postgres,
    sqlite,
  },
  document_store: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryDocumentStore" },
    postgres,
    sqlite,
  },
  graph_store: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryGraphStore" },
    postgres,
    sqlite,
  },
  mental_model_store: {
    in_memory: { module: "astrocyte/testing", export: "createInMemoryMentalModelStore" },
    postgres,
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
const pythonNames: ReadonlySet<string> = new Set(["elasticsearch", "neo4j", "pgvector", "qdrant"]);

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function isWithOneLess(long: string, short: string): boolean {
  return (
    long === short ||
    Array.from(long).some((_, index) => long.slice(0, index) + long.slice(index + 1) === short)
  );
}

/** The name that a misspelt one means, when they differ by case and marks only, or by one letter that is too much or too few. */
function similarName(name: string, known: readonly string[]): string | undefined {
  const meant = plainName(name.slice(0, 40));
  return known.find((one) => {
    const plain = plainName(one);
    return isWithOneLess(meant, plain) || isWithOneLess(plain, meant);
  });
}

function isFactory(value: unknown): value is ProviderFactory {
  return typeof value === "function";
}

function isClose(value: unknown): value is (this: unknown) => unknown {
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

async function loadFactory(
  kind: ProviderKind,
  module: string,
  name: string,
): Promise<ProviderFactory> {
  const loaded = await loadModule(kind, module);
  const factory = isRecord(loaded) ? loaded[name] : undefined;
  if (isFactory(factory)) return factory;
  throw new ConfigError(`${kind}: module "${module}" exports no function "${name}"`);
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
    return await loadFactory(kind, entry.module, entry.export);
  }

  /**
   * Finds out what is wrong with a name and its settings, without opening a file or a connection. Packages are loaded.
   *
   * @throws AstrocyteError as {@link resolve} and making the provider would. Names of the host's own are not tried.
   */
  async rehearse(
    kind: ProviderKind,
    name: string,
    settings: Settings,
    clock: Clock,
  ): Promise<void> {
    const factory = await this.resolve(kind, name);
    if (this.#registered.has(`${kind}/${name}`) || !Object.hasOwn(builtIn[kind], name)) return;
    const entry = this.#entryPoint(kind, name);
    if (entry.check !== undefined) {
      const check = await loadFactory(kind, entry.module, entry.check);
      await check(settings, { clock });
      return;
    }
    const { rehearsal = (same: Settings) => same } = entry;
    const provider = await factory(rehearsal(settings), { clock });
    if (isRecord(provider) && isClose(provider["close"])) await provider["close"].call(provider);
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
        `${kind}: a name with a colon is a module and its export, and the host did not allow this module; ` +
          "list it in allowedModules, or register the provider under a name of its own",
      );
    }
    // The name may be a secret in the wrong place, so only one that is known is repeated.
    const python = pythonNames.has(name) ? ` "${name}", which is the Python package's` : "";
    const known = this.names(kind);
    const meant = similarName(name, known);
    const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
    throw new ConfigError(
      `${kind}: unknown provider${python}${hint}; known: ${known.join(", ")}. ` +
        "Register it with a ProviderRegistry, or pass the instance in providers",
    );
  }
}
