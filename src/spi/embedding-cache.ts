import type { CallOptions } from "./call-options.js";

/**
 * Keeps vectors of texts by model and content hash (SHA-256 hex of the UTF-8 text), so that a text is embedded once.
 * A store that offers it drops an entry when the memory with that text is forgotten.
 */
export interface EmbeddingCache {
  /** Vectors by hash; unknown hashes are left out. */
  getEmbeddings(
    model: string,
    hashes: readonly string[],
    options?: CallOptions,
  ): Promise<Record<string, number[]>>;
  putEmbeddings(
    model: string,
    vectors: Readonly<Record<string, readonly number[]>>,
    options?: CallOptions,
  ): Promise<void>;
}

/** Whether a store also keeps embeddings. */
export function isEmbeddingCache(value: unknown): value is EmbeddingCache {
  return (
    typeof value === "object" &&
    value !== null &&
    "getEmbeddings" in value &&
    typeof value.getEmbeddings === "function" &&
    "putEmbeddings" in value &&
    typeof value.putEmbeddings === "function"
  );
}
