import assert from "node:assert/strict";
import type { LangChainDocument } from "../langchain-document.js";
import { capabilitiesOf, type LangChainVectorStoreTarget } from "./target.js";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";

/** Texts ever less like the first one. */
export const texts = [
  "purple elephants dance at midnight",
  "purple elephants dance at noon",
  "purple elephants sleep",
  "quarterly tax report",
] as const;

export const [query] = texts;

/** A document of this text, with metadata that a filter can ask for. */
export function documentOf(
  pageContent: string,
  metadata: Record<string, unknown> = {},
): LangChainDocument {
  return { pageContent, metadata: { kind: "usual", ...metadata } };
}

export function idOf(target: LangChainVectorStoreTarget, at: number): string {
  return target.createId?.(at) ?? `id-${at}`;
}

/** Adds documents, under ids of ours where the store takes them, and returns the ids that they have. */
export async function add(
  store: LangChainVectorStoreLike,
  target: LangChainVectorStoreTarget,
  documents: readonly LangChainDocument[],
  firstId = 1,
): Promise<string[]> {
  const ids = documents.map((_, at) => idOf(target, firstId + at));
  const { takesIdsFrom } = capabilitiesOf(target);
  const given = documents.map((document, at) =>
    takesIdsFrom.includes("document") ? { ...document, id: ids[at] ?? "" } : { ...document },
  );
  const returned = await store.addDocuments(
    given,
    takesIdsFrom.includes("options") ? { ids } : undefined,
  );
  return Array.isArray(returned) ? returned : ids;
}

/** Adds a document for each text. */
export function addTexts(
  store: LangChainVectorStoreLike,
  target: LangChainVectorStoreTarget,
  contents: readonly string[] = texts,
): Promise<string[]> {
  return add(
    store,
    target,
    contents.map((text) => documentOf(text)),
  );
}

/** What a search finds, at most 100 documents, as texts. */
export async function found(
  store: LangChainVectorStoreLike,
  text: string = query,
  k = 100,
): Promise<string[]> {
  return contentsOf(await store.similaritySearch(text, k));
}

/** What a search with a filter finds, as texts. */
export async function foundWhere(
  store: LangChainVectorStoreLike,
  target: LangChainVectorStoreTarget,
  [name, value]: readonly [name: string, value: string],
  k = 100,
): Promise<string[]> {
  return contentsOf(await store.similaritySearch(query, k, target.filterBy?.(name, value)));
}

export function contentsOf(documents: readonly LangChainDocument[]): string[] {
  return documents.map(({ pageContent }) => pageContent);
}

export function assertSame(actual: readonly string[], expected: readonly string[]): void {
  assert.deepEqual(actual.toSorted(), expected.toSorted());
}
