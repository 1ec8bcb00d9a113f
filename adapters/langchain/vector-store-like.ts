/*
 * The parts of LangChain's vector stores that this adapter uses. Structural, so that any copy and version of
 * `@langchain/core` fits, and so that our declarations do not need that package.
 */

export interface LangChainDocumentLike {
  readonly pageContent: string;
  readonly metadata: Record<string, unknown>;
  readonly id?: string | undefined;
}

/** Any LangChain vector store. What its methods return is checked, never believed. */
export interface LangChainVectorStoreLike {
  addVectors(
    vectors: number[][],
    documents: LangChainDocumentLike[],
    // Each store has options of its own here, and a filter and parameters below.
    options?: never,
  ): Promise<unknown>;
  similaritySearchVectorWithScore(query: number[], k: number, filter?: never): Promise<unknown>;
  delete?(parameters: never): Promise<unknown>;
  _vectorstoreType?(): string;
}
