import { randomUUID } from "node:crypto";
import {
  assertProvider,
  ClosedError,
  ConfigError,
  cosineSimilarity,
  matchesFilters,
  parseShape,
  StorageError,
  vectorItemSchema,
  type BankOptions,
  type CallOptions,
  type VectorHit,
  type VectorItem,
  type VectorStore,
} from "astrocyte";
import { createInMemoryVectorStore } from "astrocyte/testing";
import * as z from "zod";
import {
  compareTexts,
  entriesOf,
  everyItem,
  fromBook,
  keyOf,
  momentOf,
  pageSize,
  plain,
  replacedBy,
  toBook,
  type Entry,
} from "./memory-book.js";
import { profileOf } from "./profile-of.js";
import { StoreDocuments } from "./store-documents.js";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";
import type { VectorStoreProfile } from "./vector-store-profile.js";

export interface FromLangChainVectorStoreOptions {
  /** What the store does. @defaultValue by its class, see `vectorStoreProfiles`; an unknown class needs one */
  readonly profile?: VectorStoreProfile | undefined;
  /**
   * The book of what is stored, with texts, vectors and times: any store of the SPI that lists and deletes. Nothing that is not
   * in it is ever returned, so that it must live as long as the LangChain store does. It stays the caller's to close.
   */
  readonly idIndex?: VectorStore | undefined;
  /** Instead of `idIndex`: the SQLite file that becomes it, opened when first needed. Needs `@libsql/client`. */
  readonly indexPath?: string | undefined;
  /**
   * Whether a store that cannot delete may hold memories all the same. What is forgotten is then never returned again, and
   * stays in the store: the capability `erases` is false, and so is `erased` in receipts. @defaultValue false
   */
  readonly allowUndeletable?: boolean | undefined;
  /** The store's filter for the documents whose metadata field `astrocyte_bank` is the bank; saves reading those of others. */
  readonly bankFilter?: ((bankId: string) => unknown) | undefined;
  /** Of the provider, in traces and errors. @defaultValue `langchain` */
  readonly name?: string | undefined;
}

/** How many documents a search asks a store for at most, before the book is read instead. */
const mostCandidates = 1000;

/** Opens the book. */
async function openBook({
  idIndex,
  indexPath,
}: FromLangChainVectorStoreOptions): Promise<VectorStore> {
  if (idIndex !== undefined) return idIndex;
  if (indexPath === undefined) return createInMemoryVectorStore();
  const { createSqliteStore } = await import("astrocyte/adapters/sqlite");
  return createSqliteStore({ path: indexPath });
}

function assertOptions(
  options: FromLangChainVectorStoreOptions,
  profile: VectorStoreProfile,
  name: string,
): void {
  const { idIndex, indexPath, allowUndeletable = false } = options;
  if (idIndex !== undefined) {
    assertProvider(idIndex, "VectorStore", "idIndex");
    const { supportsDelete, supportsListing, acceptsEmptyVectors } = idIndex.capabilities;
    if (!supportsDelete || !supportsListing || !acceptsEmptyVectors) {
      throw new ConfigError(
        "idIndex: expected a store that deletes, lists, and takes memories without a vector, such as createSqliteStore's",
      );
    }
    if (indexPath !== undefined) throw new ConfigError("Pass idIndex or indexPath, not both");
  }
  if (profile.isDurable && idIndex === undefined && indexPath === undefined) {
    throw new ConfigError(
      `${name} outlives the process, so what is known of its memories must too: pass indexPath, a file, or idIndex. ` +
        "Without it, nothing could be listed or forgotten after a restart",
    );
  }
  if (!profile.deletes && !allowUndeletable) {
    throw new ConfigError(
      `${name} cannot delete single documents, so it could not forget. Use another store, or pass allowUndeletable: true ` +
        "to have forgotten memories hidden, not erased",
    );
  }
}

type OptionalMethod = "getByIds" | "listRecentVectors" | "getByChunkIds" | "clearBank" | "close";

/** What the adapter has of the optional methods. */
export type LangChainMemoryStore = VectorStore & Required<Pick<VectorStore, OptionalMethod>>;

/**
 * A LangChain vector store as a store of memories. The LangChain store finds what is similar; a book beside it, `idIndex`, says
 * what there is, in which bank, and what it says. Only what both have is found, so that no store can bring up another bank's
 * memory, a replaced or a forgotten one, or a document that is not a memory. Scores are cosines of the vectors in the book,
 * whatever the store's own mean, and filters are applied to its memories. What a store does not find is looked for in the
 * book, so that a search is never short.
 *
 * Writes enter the book first, and deletions leave it last: one that is cut off can be repeated, and nothing is in the store
 * that the book does not know.
 *
 * @throws ConfigError for an unknown store without `profile`, for one that cannot delete without `allowUndeletable`, and for a
 *   durable one without `idIndex` or `indexPath`.
 */
export function fromLangChainVectorStore(
  store: LangChainVectorStoreLike,
  options: FromLangChainVectorStoreOptions = {},
): LangChainMemoryStore {
  const { name = "langchain", bankFilter } = options;
  const profile = options.profile ?? profileOf(store);
  assertOptions(options, profile, name);
  const documents = new StoreDocuments(store, profile, bankFilter);
  let opened: Promise<VectorStore> | undefined;
  let isClosed = false;
  /** Writes of the book beyond the one that each change counts as. */
  let extraWrites = 0;
  /** What the last change of each bank that is being changed waits for. */
  const tails = new Map<string, Promise<unknown>>();
  /** Of what this object stored last; the book knows better. */
  let dimension: number | undefined;

  async function enter(callOptions?: CallOptions): Promise<VectorStore> {
    callOptions?.signal?.throwIfAborted();
    if (isClosed) throw new ClosedError(`The ${name} vector store`);
    opened ??= openBook(options);
    return opened;
  }

  /** One change of a bank at a time, so that the book and the store are changed in the same order. */
  function serialise<Result>(
    bankIds: readonly string[],
    task: () => Promise<Result>,
  ): Promise<Result> {
    const banks = [...new Set(bankIds)];
    const result = Promise.all(banks.map(async (bankId) => tails.get(bankId))).then(task);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    // For all banks in the same tick, so that two changes never wait for each other.
    for (const bankId of banks) tails.set(bankId, tail);
    return result.finally(() => {
      for (const bankId of banks) if (tails.get(bankId) === tail) tails.delete(bankId);
    });
  }

  /** The store's id of a document that did not return one, or whose return was cut off: by searching for it. */
  async function locate({ item, version }: Entry): Promise<string | undefined> {
    for (let k = 10; k <= mostCandidates; k *= 10) {
      const found = await documents.search(item.vector, k, item.bankId);
      const own = found.documents.find((document) => document.version === version);
      if (own !== undefined) return own.storeId;
      if (found.count < k) return undefined;
    }
    return undefined;
  }

  /** Deletes the documents of memories from the LangChain store. */
  async function deleteDocuments(entries: readonly Entry[]): Promise<void> {
    if (!profile.deletes) return;
    const stored = entries.filter(({ item }) => item.vector.length > 0);
    const known = stored.filter(({ storeId }) => storeId !== undefined);
    const unknown = stored.filter(({ storeId }) => storeId === undefined);
    await deleteByIds(known);
    const replacedIds = entries.flatMap((entry) => entry.replacedIds);
    await documents.delete([...replacedIds, ...(await locateAll(unknown))]);
  }

  async function locateAll(entries: readonly Entry[]): Promise<string[]> {
    const ids: string[] = [];
    for (const entry of entries) {
      const id = await locate(entry);
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  async function deleteByIds(entries: readonly Entry[]): Promise<void> {
    const ids = entries.flatMap(({ storeId }) => (storeId === undefined ? [] : [storeId]));
    try {
      await documents.delete(ids);
    } catch (error) {
      // A store may refuse an id that it does not have, which a write that was cut off leaves behind.
      const present = await locateAll(entries);
      if (present.length === ids.length) throw error;
      await documents.delete(present);
    }
  }

  /** Adds documents, and enters the ids that the store made for them; what they replace is gone by then. */
  async function addDocuments(book: VectorStore, entries: readonly Entry[]): Promise<void> {
    const withVectors = entries.filter(({ item }) => item.vector.length > 0);
    const ids = await documents.add(withVectors);
    const idOf = new Map(withVectors.map((entry, index) => [entry, ids[index]]));
    const settled = entries.flatMap((entry): Entry[] => {
      const storeId = idOf.get(entry) ?? entry.storeId;
      const isSettled = storeId === entry.storeId && entry.replacedIds.length === 0;
      return isSettled ? [] : [{ ...entry, storeId, replacedIds: [] }];
    });
    if (settled.length === 0) return;
    await book.storeVectors(settled.map(toBook));
    extraWrites += 1;
  }

  /** By which the documents of memories can be deleted although the book has something else for these. */
  async function lastingIds(
    replaced: readonly Entry[],
    items: readonly VectorItem[],
  ): Promise<Map<string, string[]>> {
    const ids = new Map<string, string[]>();
    if (!profile.deletes) return ids;
    const nextIds = new Map(items.map((item) => [keyOf(item), idBefore(item)]));
    for (const entry of replaced) {
      const { item, storeId, replacedIds } = entry;
      const own = item.vector.length === 0 ? undefined : (storeId ?? (await locate(entry)));
      const isLost = own !== undefined && own !== nextIds.get(keyOf(item));
      ids.set(keyOf(item), isLost ? [...replacedIds, own] : [...replacedIds]);
    }
    return ids;
  }

  /** The id of the document that an item will have, where that is known; one without a vector has none. */
  function idBefore({ bankId, id, vector }: VectorItem): string | undefined {
    return vector.length === 0 ? undefined : documents.idBefore(bankId, id);
  }

  /** Puts back what a failed write has changed, as far as the store lets it. */
  async function rollBack(
    book: VectorStore,
    added: readonly Entry[],
    replaced: readonly Entry[],
  ): Promise<void> {
    // When that fails, the book keeps what the store may have.
    await deleteDocuments(added);
    const replacedKeys = new Set(replaced.map(({ item }) => keyOf(item)));
    const fresh = added.filter(({ item }) => !replacedKeys.has(keyOf(item)));
    for (const bankId of new Set(fresh.map(({ item }) => item.bankId))) {
      const ids = fresh.filter(({ item }) => item.bankId === bankId).map(({ item }) => item.id);
      await book.delete(ids, { bankId });
    }
    if (replaced.length === 0) return;
    await book.storeVectors(replaced.map(toBook));
    await addDocuments(book, replaced);
  }

  async function write(book: VectorStore, items: readonly VectorItem[]): Promise<void> {
    const replaced = await replacedBy(book, items);
    const oldIds = await lastingIds(replaced, items);
    const entries = items.map((item): Entry => ({
      item,
      version: randomUUID(),
      storeId: idBefore(item),
      replacedIds: oldIds.get(keyOf(item)) ?? [],
    }));
    // First, so that the book refuses what it would, before anything is changed.
    await book.storeVectors(entries.map(toBook));
    try {
      const isReplacedInPlace = profile.upserts && profile.ids !== "returned";
      const kept = new Set(
        isReplacedInPlace
          ? entries.filter(({ item }) => item.vector.length > 0).map(({ item }) => keyOf(item))
          : [],
      );
      await deleteDocuments(replaced.filter(({ item }) => !kept.has(keyOf(item))));
      await addDocuments(book, entries);
    } catch (error) {
      await rollBack(book, entries, replaced).catch((cause: unknown) => {
        throw new StorageError(
          `${name}: a write failed, and so did undoing it; repeat the retain or forget of these memories`,
          { cause },
        );
      });
      throw error;
    }
  }

  async function candidates(
    book: VectorStore,
    queryVector: readonly number[],
    k: number,
    bank: BankOptions,
  ): Promise<{ readonly items: readonly VectorItem[]; readonly isAll: boolean }> {
    const found = await documents.search(queryVector, k, bank.bankId);
    const versions = new Set(found.documents.map(({ version }) => version));
    const ids = found.documents.map(({ memoryId }) => memoryId);
    const entries = await entriesOf(book, ids, bank);
    return {
      items: entries.filter(({ version }) => versions.has(version)).map(({ item }) => item),
      isAll: found.count < k,
    };
  }

  return {
    spiVersion: 1,
    name,
    capabilities: {
      supportsDelete: true,
      supportsListing: true,
      honouredFilters: ["tags", "factTypes", "timeRange", "metadataFilters", "asOf", "sessionId"],
      scoreMeaning: "similarity",
      acceptsEmptyVectors: true,
      indexesText: false,
      ...(profile.deletes ? {} : { erases: false }),
    },

    async storeVectors(items, callOptions) {
      const book = await enter(callOptions);
      const parsed = parseShape(z.array(vectorItemSchema), items, `${name} vector store items`);
      const last = new Map(parsed.map((item) => [keyOf(item), item]));
      const banks = parsed.map((item) => item.bankId);
      await serialise(banks, () => write(book, [...last.values()]));
      dimension = parsed.find(({ vector }) => vector.length > 0)?.vector.length ?? dimension;
      return parsed.map(({ id }) => id);
    },

    async searchSimilar(queryVector, searchOptions) {
      const book = await enter(searchOptions);
      const { bankId, limit = 10, filters, signal } = searchOptions;
      if (!(limit > 0)) return [];
      const bank = { bankId, signal };
      // Stores answer a query of another dimension with errors of their own, or with nonsense.
      if (dimension !== queryVector.length) {
        await book.searchSimilar(queryVector, { ...bank, limit: 1 });
      }
      for (let k = Math.min(mostCandidates, limit * 2); ; k = Math.min(mostCandidates, k * 4)) {
        signal?.throwIfAborted();
        const { items, isAll } = await candidates(book, queryVector, k, bank);
        const matching = items.filter((item) => matchesFilters(item, filters));
        if (matching.length >= limit) {
          return matching
            .map(({ bankId: _bankId, vector, ...memory }): VectorHit => ({
              ...memory,
              score: Math.max(0, cosineSimilarity(queryVector, vector)),
            }))
            .toSorted((a, b) => b.score - a.score || compareTexts(a.id, b.id))
            .slice(0, limit);
        }
        if (isAll || k === mostCandidates) break;
      }
      return (await book.searchSimilar(queryVector, searchOptions)).map(plain);
    },

    async delete(ids, bank) {
      const book = await enter(bank);
      return serialise([bank.bankId], async () => {
        await deleteDocuments(await entriesOf(book, ids, bank));
        return book.delete(ids, bank);
      });
    },

    async clearBank(bank) {
      const book = await enter(bank);
      return serialise([bank.bankId], async () => {
        for (let offset = 0; ; offset += pageSize) {
          bank.signal?.throwIfAborted();
          const page = await book.listVectors({ ...bank, offset, limit: pageSize });
          await deleteDocuments(page.map(fromBook));
          if (page.length < pageSize) break;
        }
        if (book.clearBank !== undefined) return book.clearBank(bank);
        const ids = (await everyItem(book, bank)).map(({ id }) => id);
        return book.delete(ids, bank);
      });
    },

    async listVectors(listOptions) {
      const book = await enter(listOptions);
      return (await book.listVectors(listOptions)).map(plain);
    },

    async getByIds(ids, bank) {
      const book = await enter(bank);
      return (await entriesOf(book, ids, bank)).map(({ item }) => item);
    },

    async listRecentVectors(listOptions) {
      const book = await enter(listOptions);
      if (book.listRecentVectors !== undefined) {
        return (await book.listRecentVectors(listOptions)).map(plain);
      }
      const { limit = 100, filters, ...bank } = listOptions;
      const all = await everyItem(book, bank);
      return all
        .filter((item) => matchesFilters(item, filters))
        .toSorted((a, b) => compareTexts(momentOf(b), momentOf(a)) || compareTexts(a.id, b.id))
        .slice(0, Math.max(0, limit));
    },

    async getByChunkIds(chunkIds, bank) {
      const book = await enter(bank);
      if (book.getByChunkIds !== undefined) {
        return (await book.getByChunkIds(chunkIds, bank)).map(plain);
      }
      const wanted = new Set(chunkIds);
      return (await everyItem(book, bank))
        .filter(({ chunkId }) => chunkId !== undefined && wanted.has(chunkId))
        .map(({ bankId: _bankId, vector: _vector, ...memory }) => ({ ...memory, score: 1 }));
    },

    async bankRevision(bank) {
      const book = await enter(bank);
      const revision = await book.bankRevision?.(bank);
      return revision === undefined ? undefined : revision - extraWrites;
    },

    async health(callOptions) {
      callOptions?.signal?.throwIfAborted();
      if (isClosed) return { healthy: false, message: `${name}: closed` };
      try {
        const book = await enter(callOptions);
        return { ...(await book.health(callOptions)), message: `${name}: LangChain vector store` };
      } catch (error) {
        callOptions?.signal?.throwIfAborted();
        return { healthy: false, message: error instanceof Error ? error.message : String(error) };
      }
    },

    /** The LangChain store and an index that was passed in stay open. */
    async close() {
      if (isClosed) return;
      isClosed = true;
      await Promise.all(tails.values());
      if (options.idIndex === undefined) await (await opened)?.close?.();
    },
  };
}
