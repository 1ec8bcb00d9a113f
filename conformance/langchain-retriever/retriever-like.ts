import type { LangChainDocument } from "../langchain-document.js";

/** The part of LangChain's `RunnableConfig` that the suite uses. */
export interface RetrieverConfig {
  callbacks?: RetrieverCallbacks[];
  tags?: string[];
  metadata?: Record<string, unknown>;
  runName?: string;
  signal?: AbortSignal;
}

/** A callback handler as an object of methods; arguments that the suite does not read are `unknown`. */
export interface RetrieverCallbacks {
  handleRetrieverStart?(
    retriever: unknown,
    query: string,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    name?: string,
  ): void;
  handleRetrieverEnd?(documents: LangChainDocument[]): void;
  handleRetrieverError?(error: unknown): void;
}

/** LangChain's `BaseRetriever` by its shape, of any copy of its core. */
export interface LangChainRetrieverLike {
  invoke(query: string, config?: RetrieverConfig): Promise<LangChainDocument[]>;
  batch(queries: string[]): Promise<LangChainDocument[][]>;
  stream(query: string): Promise<AsyncIterable<LangChainDocument[]>>;
  pipe(next: (documents: LangChainDocument[]) => unknown): {
    invoke(query: string): Promise<unknown>;
  };
  close?(): Promise<void>;
}
