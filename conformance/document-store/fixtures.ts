import type { DocumentStore, SearchFulltextOptions } from "astrocyte";

export const bankId = "bank";

export async function storeTexts(
  store: DocumentStore,
  texts: Readonly<Record<string, string>>,
  bank: string = bankId,
): Promise<void> {
  for (const [id, text] of Object.entries(texts)) {
    await store.storeDocument({ id, text }, { bankId: bank });
  }
}

export async function searchIds(
  store: DocumentStore,
  query: string,
  options: Partial<SearchFulltextOptions> = {},
): Promise<string[]> {
  const hits = await store.searchFulltext(query, { bankId, ...options });
  return hits.map(({ documentId }) => documentId);
}
