/** What the number beside a found document means; `rank` for none, or one that only orders. */
export type ScoreMeaning =
  /** Cosine in `[-1, 1]`, higher is better. */
  | "cosine similarity"
  /** `1 - cosine`, lower is better. */
  | "cosine distance"
  /** Euclidean, lower is better. */
  | "euclidean distance"
  /** Its square, lower is better. */
  | "squared euclidean distance"
  /** Higher is better, on a scale of the store's own. */
  | "similarity"
  /** Lower is better, on a scale of the store's own. */
  | "distance"
  | "rank";

/** Where a store reads the ids of added documents. */
export type IdPlace =
  /** `addVectors(..., { ids })`. */
  | "options.ids"
  /** The `id` of the document. */
  | "document.id"
  /** `addVectors(..., { keys })` with the store's `keyPrefix` before each id. */
  | "options.keys"
  /** `addVectors(..., ids)`: the list itself. */
  | "options"
  /** The store makes ids of its own, and returns them. */
  | "returned"
  /** Nowhere. */
  | "none";

/** What a LangChain vector store does where LangChain's interface leaves it open. */
export interface VectorStoreProfile {
  readonly score: ScoreMeaning;
  readonly ids: IdPlace;
  /** Whether ids must be UUIDs. */
  readonly idsAreUuids: boolean;
  /** Whether adding a document whose id is there replaces it. */
  readonly upserts: boolean;
  /** Whether `delete({ ids })` deletes these documents and nothing else. */
  readonly deletes: boolean;
  /** The form of a search's filter, `none` when there is none, or none that narrows before the best `k` are taken. */
  readonly filter: "function" | "object" | "string" | "other" | "none";
  /** Whether documents outlive the process. */
  readonly isDurable: boolean;
}

/** The metadata keys by which a document is known; flat texts, which every store keeps. */
export const markerKeys = {
  bank: "astrocyte_bank",
  id: "astrocyte_id",
  version: "astrocyte_version",
} as const;
