/*
 * The parts of LangChain's classes that this adapter uses. Structural, so that any copy and version of
 * `@langchain/core` fits, and so that our declarations do not need that package.
 */

/** A content block as LangChain's providers understand it: `text`, `image_url`, `audio`. */
export interface LangChainContentBlock {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface LangChainToolCall {
  readonly type: "tool_call";
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The `role` form of a message, which `invoke` turns into a message object. */
export interface LangChainMessageDict {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string | LangChainContentBlock[];
  readonly name?: string;
  readonly tool_calls?: LangChainToolCall[];
  readonly tool_call_id?: string;
  readonly [key: string]: unknown;
}

export interface LangChainCallOptions {
  readonly signal?: AbortSignal;
  readonly response_format?: unknown;
}

/** Parameters that LangChain's chat models take in their constructor. */
export interface LangChainModelSettings {
  readonly model?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
}

export interface LangChainInvokable {
  invoke(input: LangChainMessageDict[], options?: LangChainCallOptions): Promise<unknown>;
}

/** Any LangChain chat model, or a runnable that ends in one. */
export interface LangChainChatModelLike extends LangChainInvokable {
  /** Gets tools in OpenAI's format, `{ type: "function", function: { name, description, parameters } }`. */
  bindTools?(tools: object[], options?: { tool_choice?: string }): LangChainInvokable;
  _llmType?(): string;
}

/** Any LangChain embeddings. Rows may be typed arrays. */
export interface LangChainEmbeddingsLike {
  embedDocuments(texts: string[]): Promise<readonly ArrayLike<number>[]>;
  embedQuery(text: string): Promise<ArrayLike<number>>;
}

/** Any LangChain retriever, or a runnable from a text to documents. */
export interface LangChainRetrieverLike {
  invoke(query: string, options?: LangChainCallOptions): Promise<unknown>;
}

/** Any LangChain document compressor. */
export interface LangChainCompressorLike {
  compressDocuments(
    documents: { pageContent: string; metadata: Record<string, unknown> }[],
    query: string,
  ): Promise<unknown>;
}
