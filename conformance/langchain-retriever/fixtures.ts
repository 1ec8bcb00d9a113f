import type { LangChainDocument } from "../langchain-document.js";

export const query = "purple elephants dance at midnight";

/** What a retriever is to be created over. */
export const documents: readonly LangChainDocument[] = [
  query,
  "purple elephants sleep",
  "quarterly tax report",
].map((pageContent, at) => ({
  pageContent,
  metadata: { source: `source ${at + 1}` },
  id: `id-${at + 1}`,
}));

export function contentsOf(found: readonly LangChainDocument[]): string[] {
  return found.map(({ pageContent }) => pageContent);
}
