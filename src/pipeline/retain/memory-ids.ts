import { createHash } from "node:crypto";
import type { Metadata } from "../../dto/metadata.js";

function shortHash(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** A memory id that is the same whenever the bank and the idempotency key are. */
export function idFromKey(bankId: string, idempotencyKey: string): string {
  return shortHash([bankId, idempotencyKey]);
}

/** The id of a content's later chunk, from the first chunk's id; the first keeps its own. */
export function chunkMemoryId(firstId: string, chunkIndex: number): string {
  return chunkIndex === 0 ? firstId : shortHash([firstId, chunkIndex]);
}

const chunkOfKey = "_chunk_of";
const chunkCountKey = "_chunk_count";

/** What a chunk carries so that its siblings can be found; nothing when the content is one chunk. */
export function chunkMetadata(firstId: string, chunkCount: number): Metadata {
  return chunkCount > 1 ? { [chunkOfKey]: firstId, [chunkCountKey]: chunkCount } : {};
}

/** The ids of all chunks of the content that a memory belongs to, its own among them. */
export function contentMemoryIds(memoryId: string, metadata: Metadata | undefined): string[] {
  const firstId = metadata?.[chunkOfKey];
  const count = metadata?.[chunkCountKey];
  if (typeof firstId !== "string" || typeof count !== "number") return [memoryId];
  return Array.from({ length: count }, (_, index) => chunkMemoryId(firstId, index));
}
