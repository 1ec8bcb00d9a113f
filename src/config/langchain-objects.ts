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

/** Where the wrappers live; loaded only when a raw LangChain object is passed. */
const adapterModule: string = "astrocyte/adapters/langchain";

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === "function");
}

function isCallable(value: unknown): value is (argument: unknown) => unknown {
  return typeof value === "function";
}

async function wrap<Name extends ProtocolName>(
  value: unknown,
  wrapperName: string,
  protocol: Name,
  label: string,
): Promise<Protocols[Name]> {
  const adapter: unknown = await import(adapterModule);
  const wrapper = isRecord(adapter) ? adapter[wrapperName] : undefined;
  if (!isCallable(wrapper)) throw new ConfigError(`${adapterModule} exports no ${wrapperName}`);
  const wrapped = wrapper(value);
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

/** A vector store of our SPI; a LangChain one is named as such in the error, since it cannot be used without an adapter. */
export function toVectorStore(value: unknown, label: string): Protocols["VectorStore"] {
  if (hasMethods(value, ["similaritySearchVectorWithScore", "addVectors"])) {
    throw new ConfigError(
      `${label} is a LangChain vector store; this version cannot use one as memory. Use vector_store: sqlite, ` +
        "or an object that implements the VectorStore SPI",
    );
  }
  assertProvider(value, "VectorStore", label);
  return value;
}
