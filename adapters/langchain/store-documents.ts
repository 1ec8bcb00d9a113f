import { createHash } from "node:crypto";
import { StorageError, type VectorItem } from "astrocyte";
import { callStore } from "./call-store.js";
import { isRecord } from "./is-record.js";
import type { LangChainDocumentLike, LangChainVectorStoreLike } from "./vector-store-like.js";
import { markerKeys, type VectorStoreProfile } from "./vector-store-profile.js";

/** A memory with what marks its document. */
export interface VersionedItem {
  readonly item: VectorItem;
  /** Changes with every write, so that a document that was replaced is told from its successor. */
  readonly version: string;
}

/** A document of ours that a search brought up. */
export interface FoundDocument {
  readonly bankId: string;
  readonly memoryId: string;
  readonly version: string;
  /** The store's own id, where it gives one. */
  readonly storeId: string | undefined;
}

/** The id of a memory's document where the id is ours to choose: the same whenever bank and memory are (a UUID of version 8). */
function documentId(bankId: string, memoryId: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([bankId, memoryId]))
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

function documentOf({ item, version }: VersionedItem): LangChainDocumentLike {
  const { bankId, id, text } = item;
  return {
    id: documentId(bankId, id),
    pageContent: text,
    metadata: {
      [markerKeys.bank]: bankId,
      [markerKeys.id]: id,
      [markerKeys.version]: version,
    },
  };
}

/** The document behind a search result; undefined for a foreign one. */
function foundDocument(result: unknown): FoundDocument | undefined {
  const document: unknown = Array.isArray(result) ? result[0] : undefined;
  if (!isRecord(document) || !isRecord(document["metadata"])) return undefined;
  const { metadata, id } = document;
  const bankId = metadata[markerKeys.bank];
  const memoryId = metadata[markerKeys.id];
  const version = metadata[markerKeys.version];
  const isOurs =
    typeof bankId === "string" && typeof memoryId === "string" && typeof version === "string";
  if (!isOurs) return undefined;
  const storeId = typeof id === "string" || typeof id === "number" ? String(id) : undefined;
  return { bankId, memoryId, version, storeId };
}

/** What goes to and comes from a LangChain store, as its profile says. */
export class StoreDocuments {
  readonly #store: LangChainVectorStoreLike;
  readonly #profile: VectorStoreProfile;
  readonly #bankFilter: ((bankId: string) => unknown) | undefined;

  constructor(
    store: LangChainVectorStoreLike,
    profile: VectorStoreProfile,
    bankFilter: ((bankId: string) => unknown) | undefined,
  ) {
    this.#store = store;
    this.#profile = profile;
    this.#bankFilter = bankFilter ?? defaultBankFilter(profile);
  }

  /** The ids by which the documents of memories will be deleted, where that is known before they are added. */
  idBefore(bankId: string, memoryId: string): string | undefined {
    const { ids } = this.#profile;
    return ids === "returned" || ids === "none" ? undefined : documentId(bankId, memoryId);
  }

  /** Adds documents. @returns The ids by which they can be deleted, undefined for each that is not known. */
  async add(items: readonly VersionedItem[]): Promise<(string | undefined)[]> {
    if (items.length === 0) return [];
    const documents = items.map(documentOf);
    const ids = documents.map(({ id = "" }) => id);
    const vectors = items.map(({ item }) => [...item.vector]);
    const returned = await callStore(
      this.#store,
      "addVectors",
      vectors,
      documents,
      this.#addOptions(ids),
    );
    if (this.#profile.ids !== "returned") {
      return items.map(({ item }) => this.idBefore(item.bankId, item.id));
    }
    const given: readonly unknown[] = Array.isArray(returned) ? returned : [];
    return items.map((_, index) => {
      const id = given.length === items.length ? given[index] : undefined;
      return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
    });
  }

  /** Deletes documents by their ids in the store, and nothing without any. */
  async delete(ids: readonly string[]): Promise<void> {
    // An empty list means everything to some stores.
    if (ids.length > 0) await callStore(this.#store, "delete", { ids: [...ids] });
  }

  /** The documents of a bank that are nearest to a vector, among the store's nearest `k`; and how many the store gave. */
  async search(
    vector: readonly number[],
    k: number,
    bankId: string,
  ): Promise<{ readonly documents: readonly FoundDocument[]; readonly count: number }> {
    const filter = this.#bankFilter?.(bankId);
    const results = await callStore(
      this.#store,
      "similaritySearchVectorWithScore",
      [...vector],
      k,
      ...(filter === undefined ? [] : [filter]),
    );
    if (!Array.isArray(results)) {
      throw new StorageError("The LangChain vector store gave no list of results for a search");
    }
    const documents = results
      .map(foundDocument)
      .filter((document) => document !== undefined)
      .filter((document) => document.bankId === bankId);
    return { documents, count: results.length };
  }

  #addOptions(ids: readonly string[]): unknown {
    switch (this.#profile.ids) {
      case "options.ids":
        return { ids };
      case "options.keys": {
        const { keyPrefix } = { keyPrefix: "", ...this.#store };
        return { keys: ids.map((id) => `${keyPrefix}${id}`) };
      }
      case "options":
        return ids;
      case "document.id":
        // Some stores look at the document first and here second.
        return { ids };
      case "returned":
      case "none":
      default:
        return undefined;
    }
  }
}

/** The filter for one bank in the forms that are the same for every store; the bank is a value in it, never a part of a text. */
function defaultBankFilter({
  filter,
}: VectorStoreProfile): ((bankId: string) => unknown) | undefined {
  if (filter === "function") {
    return (bankId) => (document: LangChainDocumentLike) =>
      document.metadata[markerKeys.bank] === bankId;
  }
  return filter === "object" ? (bankId) => ({ [markerKeys.bank]: bankId }) : undefined;
}
