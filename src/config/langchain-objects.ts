import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import { assertProvider, isProvider, type ProtocolName, type Protocols } from "../spi/guards.js";

/** The part of a LangChain chat model by which it is known. */
export interface ChatModelLike {
  invoke(input: never, options?: never): Promise<unknown>;
  _llmType(): string;
}

/** The part of a LangChain embedding model by which it is known. */
export interface EmbeddingsLike {
  embedDocuments(texts: string[]): Promise<number[][]>;
  embedQuery(text: string): Promise<number[]>;
}

/** The part of a LangChain vector store by which it is known. */
export interface VectorStoreLike {
  addVectors(vectors: number[][], documents: never[], options?: never): Promise<unknown>;
  similaritySearchVectorWithScore(
    query: number[],
    k: number,
    filter?: never,
  ): Promise<readonly unknown[]>;
}

/** Where the wrappers live; loaded only when a raw LangChain object is passed. */
const adapterModule: string = "astrocyte/adapters/langchain/models";

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === "function");
}

function isCallable(value: unknown): value is (...values: readonly unknown[]) => unknown {
  return typeof value === "function";
}

async function wrap<Name extends ProtocolName>(
  value: unknown,
  wrapperName: string,
  protocol: Name,
  label: string,
  options?: object,
): Promise<Protocols[Name]> {
  const adapter: unknown = await import(adapterModule);
  const wrapper = isRecord(adapter) ? adapter[wrapperName] : undefined;
  if (!isCallable(wrapper)) throw new ConfigError(`${adapterModule} exports no ${wrapperName}`);
  const wrapped = wrapper(value, options);
  assertProvider(wrapped, protocol, label);
  return wrapped;
}

/** An LLM provider as it is, or a LangChain chat model wrapped as one. */
export async function toLLMProvider(
  value: unknown,
  label: string,
): Promise<Protocols["LLMProvider"]> {
  if (!isProvider(value, "LLMProvider") && hasMethods(value, ["invoke", "_llmType"])) {
    return wrap(value, "fromLangChainChatModel", "LLMProvider", label);
  }
  assertProvider(value, "LLMProvider", label);
  return value;
}

/** An embedding provider as it is, or LangChain embeddings wrapped as one. */
export async function toEmbeddingProvider(
  value: unknown,
  label: string,
): Promise<Protocols["EmbeddingProvider"]> {
  if (
    !isProvider(value, "EmbeddingProvider") &&
    hasMethods(value, ["embedDocuments", "embedQuery"])
  ) {
    return wrap(value, "fromLangChainEmbeddings", "EmbeddingProvider", label);
  }
  assertProvider(value, "EmbeddingProvider", label);
  return value;
}

const vectorStoreSettings: Readonly<Record<string, string>> = {
  index_path: "indexPath",
  allow_undeletable: "allowUndeletable",
};

/** The part of the adapter's options that a configuration may set. */
function adapterOptions(settings: Readonly<Record<string, unknown>>): object {
  const unknown = Object.keys(settings).filter((key) => vectorStoreSettings[key] === undefined);
  const { index_path: path, allow_undeletable: allow } = settings;
  const problems = [
    ...unknown.map((key) => `unknown key ${key}`),
    ...(path === undefined || typeof path === "string" ? [] : ["index_path: expected a path"]),
    ...(allow === undefined || typeof allow === "boolean"
      ? []
      : ["allow_undeletable: expected true or false"]),
  ];
  if (problems.length > 0) {
    throw new ConfigError(
      `vector_store_config of a LangChain vector store: ${problems.join("; ")}; ` +
        `known: ${Object.keys(vectorStoreSettings).join(", ")}`,
    );
  }
  return { indexPath: path, allowUndeletable: allow };
}

function isLangChainVectorStore(value: unknown): boolean {
  return hasMethods(value, ["similaritySearchVectorWithScore", "addVectors"]);
}

/**
 * A vector store as it is, or a LangChain one wrapped as one.
 *
 * @param settings - `vector_store_config`, for a LangChain store.
 */
export async function toVectorStore(
  value: unknown,
  label: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<Protocols["VectorStore"]> {
  if (!isProvider(value, "VectorStore") && isLangChainVectorStore(value)) {
    return wrap(value, "fromLangChainVectorStore", "VectorStore", label, adapterOptions(settings));
  }
  assertProvider(value, "VectorStore", label);
  return value;
}
