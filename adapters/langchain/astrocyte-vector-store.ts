import { Document, type DocumentInterface } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { maximalMarginalRelevance } from "@langchain/core/utils/math";
import { VectorStore, type MaxMarginalRelevanceSearchOptions } from "@langchain/core/vectorstores";
import {
  assertBankId,
  assertProvider,
  CapabilityNotSupportedError,
  InvalidArgumentError,
  matchesFilters,
  type VectorHit,
  type VectorItem,
  type VectorStore as VectorStoreProvider,
} from "astrocyte";
import { metadataOfFilter, type DocumentFilter } from "./document-filter.js";
import { fromStoredMetadata, toStoredMetadata } from "./document-metadata.js";

export interface AstrocyteVectorStoreConfig {
  readonly store: VectorStoreProvider;
  /** All documents are in this bank; there is no default. */
  readonly bankId: string;
  /** For documents without an id. @defaultValue random UUIDs */
  readonly createId?: (() => string) | undefined;
}

export interface AddDocumentsOptions {
  /** One a document; goes before `Document.id`. */
  readonly ids?: readonly (string | undefined)[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One of them, never none: an empty selection must not empty a store. */
export interface DeleteDocumentsOptions {
  readonly ids?: readonly string[] | undefined;
  readonly filter?: DocumentFilter | undefined;
  readonly signal?: AbortSignal | undefined;
}

const pageSize = 200;
const overFetch = 4;

function toDocument({ id, text, metadata }: Pick<VectorHit, "id" | "text" | "metadata">): Document {
  return new Document({ id, pageContent: text, metadata: fromStoredMetadata(metadata) });
}

function assertSame(actual: number, expected: number, what: string): void {
  if (actual === expected) return;
  throw new InvalidArgumentError(`${what}: expected one a document, ${expected}, got ${actual}`);
}

/**
 * A vector store of ours, one bank of it, as a vector store of LangChain.
 *
 * - Scores are similarities in `[0, 1]`, higher is better; where the store's capabilities say `rank`, only their order counts.
 * - Adding upserts by id: `options.ids`, else `Document.id`, else a new one. Found documents have their `id`.
 * - Nested metadata comes back as it was; a filter object compares scalars. Filters are checked on what comes back, whatever
 *   the store does with them, and `k` is filled as long as the bank holds enough.
 * - What is added here is stored as it is, past the policies of a brain.
 */
export class AstrocyteVectorStore extends VectorStore {
  declare FilterType: DocumentFilter;
  readonly #store: VectorStoreProvider;
  readonly #bankId: string;
  readonly #createId: () => string;

  /** @throws ConfigError for a store that is none, and for a bank id that is none. */
  constructor(embeddings: EmbeddingsInterface, config: AstrocyteVectorStoreConfig) {
    super(embeddings, {});
    const { store, bankId, createId = () => crypto.randomUUID() } = config;
    assertProvider(store, "VectorStore", "AstrocyteVectorStore: store");
    assertBankId(bankId);
    this.#store = store;
    this.#bankId = bankId;
    this.#createId = createId;
  }

  override _vectorstoreType(): string {
    return "astrocyte";
  }

  override async addDocuments(
    documents: DocumentInterface[],
    options: AddDocumentsOptions = {},
  ): Promise<string[]> {
    const texts = documents.map(({ pageContent }) => pageContent);
    // Before the embeddings are paid for.
    const items = this.#itemsOf(documents, options);
    const vectors = texts.length === 0 ? [] : await this.embeddings.embedDocuments(texts);
    return this.#put(items, vectors, options);
  }

  override async addVectors(
    vectors: number[][],
    documents: DocumentInterface[],
    options: AddDocumentsOptions = {},
  ): Promise<string[]> {
    return this.#put(this.#itemsOf(documents, options), vectors, options);
  }

  override async similaritySearchVectorWithScore(
    query: number[],
    k: number,
    filter?: this["FilterType"],
  ): Promise<[DocumentInterface, number][]> {
    const found = await this.#search(query, k, filter);
    return found.map((hit) => [toDocument(hit), hit.score]);
  }

  /** @throws CapabilityNotSupportedError when the store cannot delete, or, for a filter, not list. */
  override async delete(params: DeleteDocumentsOptions = {}): Promise<void> {
    const { ids, filter, signal } = params;
    if ((ids === undefined) === (filter === undefined)) {
      throw new InvalidArgumentError("delete: expected either ids or a filter");
    }
    const { supportsDelete, supportsListing } = this.#store.capabilities;
    if (!supportsDelete) throw new CapabilityNotSupportedError(this.#store.name, "delete");
    let chosen = ids ?? [];
    if (filter !== undefined) {
      if (typeof filter !== "function" && metadataOfFilter(filter) === undefined) {
        throw new InvalidArgumentError("delete: an empty filter would delete every document");
      }
      if (!supportsListing) throw new CapabilityNotSupportedError(this.#store.name, "listVectors");
      chosen = await this.#idsMatching(filter, signal);
    }
    if (chosen.length > 0) await this.#store.delete(chosen, { bankId: this.#bankId, signal });
  }

  override async maxMarginalRelevanceSearch(
    query: string,
    { k, fetchK = 20, lambda = 0.5, filter }: MaxMarginalRelevanceSearchOptions<this["FilterType"]>,
  ): Promise<DocumentInterface[]> {
    const vector = await this.embeddings.embedQuery(query);
    const hits = await this.#search(vector, Math.max(k, fetchK), filter);
    const vectors = await this.#vectorsOf(hits);
    const known = hits.filter(({ id }) => vectors.has(id));
    const candidates = known.map(({ id }) => vectors.get(id) ?? []);
    return maximalMarginalRelevance(vector, candidates, lambda, k).flatMap((place) => {
      const hit = known[place];
      return hit === undefined ? [] : [toDocument(hit)];
    });
  }

  static override async fromTexts(
    texts: string[],
    metadatas: object[] | object,
    embeddings: EmbeddingsInterface,
    config: AstrocyteVectorStoreConfig & AddDocumentsOptions,
  ): Promise<AstrocyteVectorStore> {
    if (Array.isArray(metadatas)) assertSame(metadatas.length, texts.length, "metadatas");
    const documents = texts.map(
      (pageContent, index) =>
        new Document({
          pageContent,
          metadata: Array.isArray(metadatas) ? metadatas[index] : metadatas,
        }),
    );
    return AstrocyteVectorStore.fromDocuments(documents, embeddings, config);
  }

  static override async fromDocuments(
    documents: DocumentInterface[],
    embeddings: EmbeddingsInterface,
    config: AstrocyteVectorStoreConfig & AddDocumentsOptions,
  ): Promise<AstrocyteVectorStore> {
    const store = new AstrocyteVectorStore(embeddings, config);
    await store.addDocuments(documents, config);
    return store;
  }

  /** The documents that the bank holds already. */
  static async fromExistingIndex(
    embeddings: EmbeddingsInterface,
    config: AstrocyteVectorStoreConfig,
  ): Promise<AstrocyteVectorStore> {
    return new AstrocyteVectorStore(embeddings, config);
  }

  #itemsOf(
    documents: readonly DocumentInterface[],
    { ids }: AddDocumentsOptions,
  ): Omit<VectorItem, "vector">[] {
    if (ids !== undefined) assertSame(ids.length, documents.length, "ids");
    return documents.map(({ id, pageContent, metadata }, index) => {
      if (pageContent === "") {
        throw new InvalidArgumentError(`documents[${index}].pageContent: expected some text`);
      }
      return {
        id: ids?.[index] ?? id ?? this.#createId(),
        bankId: this.#bankId,
        text: pageContent,
        metadata: toStoredMetadata(metadata, `documents[${index}].metadata`),
      };
    });
  }

  async #put(
    items: readonly Omit<VectorItem, "vector">[],
    vectors: readonly number[][],
    { signal }: AddDocumentsOptions,
  ): Promise<string[]> {
    assertSame(vectors.length, items.length, "vectors");
    if (items.length === 0) return [];
    // Of one id the last document counts, as if they had come one after the other.
    const latest = new Map(
      items.map((item, index) => [item.id, { ...item, vector: [...(vectors[index] ?? [])] }]),
    );
    await this.#store.storeVectors([...latest.values()], { signal });
    return items.map(({ id }) => id);
  }

  async #search(
    query: readonly number[],
    k: number,
    filter: DocumentFilter | undefined,
  ): Promise<VectorHit[]> {
    const metadataFilters = metadataOfFilter(filter);
    const filters = metadataFilters === undefined ? undefined : { metadataFilters };
    // A store that filters after its limit would look like one that holds no more.
    const isHonoured = this.#store.capabilities.honouredFilters.includes("metadataFilters");
    const options = { bankId: this.#bankId, filters: isHonoured ? filters : undefined };
    const wanted = Math.trunc(k);
    if (!(wanted >= 1)) return [];
    const isChosen = (hit: VectorHit): boolean =>
      matchesFilters(hit, filters) && (typeof filter !== "function" || filter(toDocument(hit)));
    for (let limit = wanted; ; limit *= overFetch) {
      const hits = await this.#store.searchSimilar(query, { ...options, limit });
      const chosen = hits.filter(isChosen);
      if (chosen.length >= wanted || hits.length < limit) return chosen.slice(0, wanted);
    }
  }

  async #idsMatching(filter: DocumentFilter, signal: AbortSignal | undefined): Promise<string[]> {
    const metadataFilters = metadataOfFilter(filter);
    const bankId = this.#bankId;
    const ids: string[] = [];
    for (let offset = 0; ; offset += pageSize) {
      const page = await this.#store.listVectors({ bankId, offset, limit: pageSize, signal });
      for (const item of page) {
        const fits =
          item.bankId === bankId &&
          matchesFilters(item, { metadataFilters }) &&
          (typeof filter !== "function" || filter(toDocument(item)));
        if (fits) ids.push(item.id);
      }
      if (page.length < pageSize) return ids;
    }
  }

  /** Stored vectors where the store gives them by id, else the texts are embedded again. */
  async #vectorsOf(hits: readonly VectorHit[]): Promise<Map<string, number[]>> {
    if (hits.length === 0) return new Map();
    const ids = hits.map(({ id }) => id);
    if (this.#store.getByIds !== undefined) {
      const items = await this.#store.getByIds(ids, { bankId: this.#bankId });
      return new Map(items.map(({ id, vector }) => [id, vector]));
    }
    const vectors = await this.embeddings.embedDocuments(hits.map(({ text }) => text));
    return new Map(ids.map((id, index) => [id, vectors[index] ?? []]));
  }
}
