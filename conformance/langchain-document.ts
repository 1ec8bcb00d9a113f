/** LangChain's `DocumentInterface` by its shape, of any copy of its core. */
export interface LangChainDocument {
  pageContent: string;
  metadata: Record<string, unknown>;
  id?: string;
}
