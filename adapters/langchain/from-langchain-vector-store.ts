import {
  assertProvider,
  ClosedError,
  ConfigError,
  cosineSimilarity,
  KeyedMutex,
  matchesFilters,
  parseShape,
  vectorItemSchema,
  type BankOptions,
  type CallOptions,
  type VectorHit,
  type VectorItem,
  type VectorStore,
} from "astrocyte";
import { createInMemoryVectorStore } from "astrocyte/testing";
import * as z from "zod";
import { BookedDocuments, mostCandidates } from "./booked-documents.js";
import {
  compareTexts,
  entriesOf,
  everyItem,
  fromBook,
  keyOf,
  momentOf,
  pageSize,
  plain,
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
  const booked = new BookedDocuments({ documents, profile, name });
  /** One change of a bank at a time, so that the book and the store are changed in the same order. */
  const changes = new KeyedMutex();
  /** Of what this object stored last; the book knows better. */
  let dimension: number | undefined;

  async function enter(callOptions?: CallOptions): Promise<VectorStore> {
    callOptions?.signal?.throwIfAborted();
    if (isClosed) throw new ClosedError(`The ${name} vector store`);
    opened ??= openBook(options);
    return opened;
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
      await changes.run(banks, () => booked.write(book, [...last.values()]));
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
      return changes.run([bank.bankId], async () => {
        await booked.delete(await entriesOf(book, ids, bank));
        return book.delete(ids, bank);
      });
    },

    async clearBank(bank) {
      const book = await enter(bank);
      return changes.run([bank.bankId], async () => {
        for (let offset = 0; ; offset += pageSize) {
          bank.signal?.throwIfAborted();
          const page = await book.listVectors({ ...bank, offset, limit: pageSize });
          await booked.delete(page.map(fromBook));
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
      return revision === undefined ? undefined : revision - booked.extraWrites;
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
      await changes.idle();
      if (options.idIndex === undefined) await (await opened)?.close?.();
    },
  };
}
