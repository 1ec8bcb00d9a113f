import { IdempotencyConflictError } from "../../errors.js";
import type { BankOptions } from "../../spi/call-options.js";
import { findVectors } from "../list-all-vectors.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";
import { chunkMemoryId, contentMemoryIds } from "./memory-ids.js";

async function isMirrored(
  pipeline: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<boolean> {
  const { documentStore } = pipeline;
  if (documentStore === undefined || isSelfMirroring(pipeline)) return true;
  for (const id of ids) {
    if ((await documentStore.getDocument(id, options)) === undefined) return false;
  }
  return true;
}

/**
 * Looks whether a keyed content is stored already, chunk by chunk and in every store.
 *
 * @returns True when it is there whole; false when it is absent, or was cut off and must be stored again.
 * @throws IdempotencyConflictError when other content is stored under the key.
 */
export async function isRetained(
  pipeline: Pipeline,
  firstId: string,
  chunks: readonly string[],
  options: BankOptions,
): Promise<boolean> {
  const ids = chunks.map((_, index) => chunkMemoryId(firstId, index));
  const found = await findVectors(pipeline.vectorStore, ids, options);
  const first = found.get(firstId);
  const isOther =
    (first !== undefined && contentMemoryIds(firstId, first.metadata).length !== chunks.length) ||
    ids.some((id, index) => found.has(id) && found.get(id)?.text !== chunks[index]);
  if (isOther) throw new IdempotencyConflictError(options.bankId, firstId);
  return found.size === ids.length && isMirrored(pipeline, ids, options);
}
