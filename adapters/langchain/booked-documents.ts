import { randomUUID } from "node:crypto";
import { StorageError, type VectorItem, type VectorStore } from "astrocyte";
import { keyOf, replacedBy, toBook, type Entry } from "./memory-book.js";
import type { StoreDocuments } from "./store-documents.js";
import type { VectorStoreProfile } from "./vector-store-profile.js";

/** How many documents a search asks a store for at most. */
export const mostCandidates = 1000;

export interface BookedDocumentsParts {
  readonly documents: StoreDocuments;
  readonly profile: VectorStoreProfile;
  /** Of the provider, in errors. */
  readonly name: string;
}

/**
 * Changes the documents of a LangChain store so that the book always knows what the store may have: writes enter the book first,
 * and what is deleted leaves it last.
 */
export class BookedDocuments {
  readonly #documents: StoreDocuments;
  readonly #profile: VectorStoreProfile;
  readonly #name: string;
  #extraWrites = 0;

  constructor({ documents, profile, name }: BookedDocumentsParts) {
    this.#documents = documents;
    this.#profile = profile;
    this.#name = name;
  }

  /** Writes of the book beyond the one that each change counts as. */
  get extraWrites(): number {
    return this.#extraWrites;
  }

  /** The store's id of a document that did not return one, or whose return was cut off: by searching for it. */
  async #locate({ item, version }: Entry): Promise<string | undefined> {
    for (let k = 10; k <= mostCandidates; k *= 10) {
      const found = await this.#documents.search(item.vector, k, item.bankId);
      const own = found.documents.find((document) => document.version === version);
      if (own !== undefined) return own.storeId;
      if (found.count < k) return undefined;
    }
    return undefined;
  }

  /** Deletes the documents of memories from the LangChain store. */
  async delete(entries: readonly Entry[]): Promise<void> {
    if (!this.#profile.deletes) return;
    const stored = entries.filter(({ item }) => item.vector.length > 0);
    const known = stored.filter(({ storeId }) => storeId !== undefined);
    const unknown = stored.filter(({ storeId }) => storeId === undefined);
    await this.#deleteByIds(known);
    const replacedIds = entries.flatMap((entry) => entry.replacedIds);
    await this.#documents.delete([...replacedIds, ...(await this.#locateAll(unknown))]);
  }

  async #locateAll(entries: readonly Entry[]): Promise<string[]> {
    const ids: string[] = [];
    for (const entry of entries) {
      const id = await this.#locate(entry);
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  async #deleteByIds(entries: readonly Entry[]): Promise<void> {
    const ids = entries.flatMap(({ storeId }) => (storeId === undefined ? [] : [storeId]));
    try {
      await this.#documents.delete(ids);
    } catch (error) {
      // A store may refuse an id that it does not have, which a write that was cut off leaves behind.
      const present = await this.#locateAll(entries);
      if (present.length === ids.length) throw error;
      await this.#documents.delete(present);
    }
  }

  /** Adds documents, and enters the ids that the store made for them; what they replace is gone by then. */
  async #addDocuments(book: VectorStore, entries: readonly Entry[]): Promise<void> {
    const withVectors = entries.filter(({ item }) => item.vector.length > 0);
    const ids = await this.#documents.add(withVectors);
    const idOf = new Map(withVectors.map((entry, index) => [entry, ids[index]]));
    const settled = entries.flatMap((entry): Entry[] => {
      const storeId = idOf.get(entry) ?? entry.storeId;
      const isSettled = storeId === entry.storeId && entry.replacedIds.length === 0;
      return isSettled ? [] : [{ ...entry, storeId, replacedIds: [] }];
    });
    if (settled.length === 0) return;
    await book.storeVectors(settled.map(toBook));
    this.#extraWrites += 1;
  }

  /** By which the documents of memories can be deleted although the book has something else for these. */
  async #lastingIds(
    replaced: readonly Entry[],
    items: readonly VectorItem[],
  ): Promise<Map<string, string[]>> {
    const ids = new Map<string, string[]>();
    if (!this.#profile.deletes) return ids;
    const nextIds = new Map(items.map((item) => [keyOf(item), this.#idBefore(item)]));
    for (const entry of replaced) {
      const { item, storeId, replacedIds } = entry;
      const own = item.vector.length === 0 ? undefined : (storeId ?? (await this.#locate(entry)));
      const isLost = own !== undefined && own !== nextIds.get(keyOf(item));
      ids.set(keyOf(item), isLost ? [...replacedIds, own] : [...replacedIds]);
    }
    return ids;
  }

  /** The id of the document that an item will have, where that is known; one without a vector has none. */
  #idBefore({ bankId, id, vector }: VectorItem): string | undefined {
    return vector.length === 0 ? undefined : this.#documents.idBefore(bankId, id);
  }

  /** Puts back what a failed write has changed, as far as the store lets it. */
  async #rollBack(
    book: VectorStore,
    added: readonly Entry[],
    replaced: readonly Entry[],
  ): Promise<void> {
    // When that fails, the book keeps what the store may have.
    await this.delete(added);
    const replacedKeys = new Set(replaced.map(({ item }) => keyOf(item)));
    const fresh = added.filter(({ item }) => !replacedKeys.has(keyOf(item)));
    for (const bankId of new Set(fresh.map(({ item }) => item.bankId))) {
      const ids = fresh.filter(({ item }) => item.bankId === bankId).map(({ item }) => item.id);
      await book.delete(ids, { bankId });
    }
    if (replaced.length === 0) return;
    await book.storeVectors(replaced.map(toBook));
    await this.#addDocuments(book, replaced);
  }

  /** Puts items into the book and their documents into the store: all of them, or, as far as the store lets it, none. */
  async write(book: VectorStore, items: readonly VectorItem[]): Promise<void> {
    const replaced = await replacedBy(book, items);
    const oldIds = await this.#lastingIds(replaced, items);
    const entries = items.map((item): Entry => ({
      item,
      version: randomUUID(),
      storeId: this.#idBefore(item),
      replacedIds: oldIds.get(keyOf(item)) ?? [],
    }));
    // First, so that the book refuses what it would, before anything is changed.
    await book.storeVectors(entries.map(toBook));
    try {
      const isReplacedInPlace = this.#profile.upserts && this.#profile.ids !== "returned";
      const kept = new Set(
        isReplacedInPlace
          ? entries.filter(({ item }) => item.vector.length > 0).map(({ item }) => keyOf(item))
          : [],
      );
      await this.delete(replaced.filter(({ item }) => !kept.has(keyOf(item))));
      await this.#addDocuments(book, entries);
    } catch (error) {
      await this.#rollBack(book, entries, replaced).catch((cause: unknown) => {
        throw new StorageError(
          `${this.#name}: a write failed, and so did undoing it; repeat the retain or forget of these memories`,
          { cause },
        );
      });
      throw error;
    }
  }
}
