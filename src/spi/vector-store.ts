import type { HealthStatus } from "../dto/health-status.js";
import type { VectorFilters, VectorHit, VectorItem } from "../dto/vector.js";
import type { BankOptions, CallOptions } from "./call-options.js";

/** The filters a store can apply itself, before `limit`. */
export type FilterName = Exclude<keyof VectorFilters, "bankId">;

/** What a vector store says of itself. The pipeline makes up for what is missing, or refuses the store. */
export interface VectorStoreCapabilities {
  /** Without it the store is refused as memory unless the host allows that. */
  readonly supportsDelete: boolean;
  /** `listVectors` returns every item of a bank in a stable order. */
  readonly supportsListing: boolean;
  /** Filters that `searchSimilar` honours before `limit`; the others are enforced on what it returns. */
  readonly honouredFilters: readonly FilterName[];
  /** What a hit's score is: a similarity in `[0, 1]`, or only an order. */
  readonly scoreMeaning: "similarity" | "rank";
  /** Items with an empty `vector` are kept, listed and found by text. */
  readonly acceptsEmptyVectors: boolean;
  /**
   * `storeVectors` and `delete` keep the full-text index of the same object in step, in one transaction; the pipeline then
   * mirrors nothing.
   */
  readonly indexesText: boolean;
  /** False when what is deleted is hidden only, and stays where the store keeps it. @defaultValue true */
  readonly erases?: boolean | undefined;
}

export interface SearchSimilarOptions extends BankOptions {
  /** Most hits to return. @defaultValue 10 */
  readonly limit?: number | undefined;
  readonly filters?: VectorFilters | undefined;
}

export interface ListVectorsOptions extends BankOptions {
  /** @defaultValue 0 */
  readonly offset?: number | undefined;
  /** @defaultValue 100 */
  readonly limit?: number | undefined;
}

export interface ListRecentVectorsOptions extends BankOptions {
  /** @defaultValue 100 */
  readonly limit?: number | undefined;
  readonly filters?: VectorFilters | undefined;
}

/** Where memories live. An unknown bank is an empty one. */
export interface VectorStore {
  readonly spiVersion: 1;
  readonly name: string;
  readonly capabilities: VectorStoreCapabilities;

  /**
   * Upserts on (`bankId`, `id`), replacing the whole item; all items or none. Ids come back in input order.
   *
   * @throws DimensionMismatchError when a vector's length is not the store's.
   */
  storeVectors(items: readonly VectorItem[], options?: CallOptions): Promise<string[]>;
  /** Best first; scores are finite, in `[0, 1]`, and do not increase. */
  searchSimilar(
    queryVector: readonly number[],
    options: SearchSimilarOptions,
  ): Promise<VectorHit[]>;
  /** Returns how many were really deleted; unknown ids are ignored. */
  delete(ids: readonly string[], options: BankOptions): Promise<number>;
  /** By id, vectors included; past the end is empty. */
  listVectors(options: ListVectorsOptions): Promise<VectorItem[]>;
  /** Never throws for mere unreachability. */
  health(options?: CallOptions): Promise<HealthStatus>;

  /** Items by id, in any order; unknown ids are left out. */
  getByIds?(ids: readonly string[], options: BankOptions): Promise<VectorItem[]>;
  /** Newest first by `occurredAt`, else `retainedAt`. */
  listRecentVectors?(options: ListRecentVectorsOptions): Promise<VectorItem[]>;
  /** Score 1 for each. */
  getByChunkIds?(chunkIds: readonly string[], options: BankOptions): Promise<VectorHit[]>;
  /**
   * A number by which the pipeline sees that its picture of a bank is out of date. It grows by exactly one with every
   * `storeVectors`, `delete` and `clearBank` of this object that succeeds, of any bank, and otherwise changes whenever the bank
   * may have been changed in another way, for instance by another process. Undefined when the store cannot tell.
   */
  bankRevision?(options: BankOptions): Promise<number | undefined>;
  /**
   * Runs the calls of this object that `run` makes as one transaction: what they wrote is there when the promise resolves, and
   * none of it when it rejects or the process ends before. A call inside that rejects undoes itself alone. Calls from elsewhere
   * may wait until then, so that `run` waits for nobody else.
   */
  atomically?<Result>(run: () => Promise<Result>, options?: CallOptions): Promise<Result>;
  /** Whether deleted text may still be in the store's files, until `compact`. */
  needsCompaction?(options?: CallOptions): Promise<boolean>;
  /** Rids the store's files of everything that was deleted before the call. */
  compact?(options?: CallOptions): Promise<void>;
  /** Deletes everything of a bank in one step and returns the number of memories. */
  clearBank?(options: BankOptions): Promise<number>;
  close?(): Promise<void>;
}
