import type { Document, DocumentHit } from "../dto/document.js";
import type { HealthStatus } from "../dto/health-status.js";
import type { VectorFilters } from "../dto/vector.js";
import type { BankOptions, CallOptions } from "./call-options.js";

export interface SearchFulltextOptions extends BankOptions {
  /** Most hits to return. @defaultValue 10 */
  readonly limit?: number | undefined;
  /** Honoured as far as the store can; the pipeline checks the hits again. */
  readonly filters?: VectorFilters | undefined;
}

/** A full-text mirror of the memories, under the same ids. */
export interface DocumentStore {
  readonly spiVersion: 1;
  readonly name: string;

  /** Upserts on (`bankId`, `id`). */
  storeDocument(document: Document, options: BankOptions): Promise<string>;
  /** Most relevant first; documents without any match are left out. */
  searchFulltext(query: string, options: SearchFulltextOptions): Promise<DocumentHit[]>;
  getDocument(id: string, options: BankOptions): Promise<Document | undefined>;
  health(options?: CallOptions): Promise<HealthStatus>;

  /** Returns how many were really deleted. Without it the store can only serve beside the vectors of the same object. */
  deleteDocuments?(ids: readonly string[], options: BankOptions): Promise<number>;
  /** Deletes every document of a bank and returns their number. */
  clearBank?(options: BankOptions): Promise<number>;
  close?(): Promise<void>;
}
