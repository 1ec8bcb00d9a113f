import type { LangChainDocument } from "../langchain-document.js";

/** A document with its score. */
export type ScoredDocument = [document: LangChainDocument, score: number];

/** LangChain's `VectorStore` by its shape, of any copy of its core. A filter has the store's own form. */
export interface LangChainVectorStoreLike {
  embeddings: {
    embedDocuments(texts: string[]): Promise<number[][]>;
    embedQuery(text: string): Promise<number[]>;
  };
  addVectors(
    vectors: number[][],
    documents: LangChainDocument[],
    options?: Record<string, unknown>,
  ): Promise<string[] | void>;
  addDocuments(
    documents: LangChainDocument[],
    options?: Record<string, unknown>,
  ): Promise<string[] | void>;
  similaritySearchVectorWithScore(
    query: number[],
    k: number,
    filter?: unknown,
  ): Promise<ScoredDocument[]>;
  similaritySearch(query: string, k?: number, filter?: unknown): Promise<LangChainDocument[]>;
  similaritySearchWithScore(query: string, k?: number, filter?: unknown): Promise<ScoredDocument[]>;
  maxMarginalRelevanceSearch?(
    query: string,
    options: { k: number; fetchK?: number; lambda?: number },
    callbacks: undefined,
  ): Promise<LangChainDocument[]>;
  delete(parameters?: Record<string, unknown>): Promise<void>;
  asRetriever(k?: number): { invoke(query: string): Promise<LangChainDocument[]> };
  close?(): Promise<void>;
}
