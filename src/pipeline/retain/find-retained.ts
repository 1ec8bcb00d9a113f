import { IdempotencyConflictError } from "../../errors.js";
import type { BankOptions } from "../../spi/call-options.js";
import { findVectors } from "../list-all-vectors.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";
import { isContent } from "./content-identity.js";
import { contentMemoryIds } from "./memory-ids.js";

async function isMirrored(
  pipeline: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<boolean> {
  const { documentStore } = pipeline;
  if (documentStore === undefined || isSelfMirroring(pipeline)) return true;
  const documents = await Promise.all(ids.map((id) => documentStore.getDocument(id, options)));
  return documents.every((document) => document !== undefined);
}

/**
 * Looks whether a keyed content is stored already, whole and in every store.
 *
 * @param content - As it would be stored.
 * @returns The ids of its memories; undefined when it is absent, or was cut off and must be stored again.
 * @throws IdempotencyConflictError when other content is stored under the key.
 */
export async function findRetained(
  pipeline: Pipeline,
  firstId: string,
  content: string,
  options: BankOptions,
): Promise<string[] | undefined> {
  const first = (await findVectors(pipeline.vectorStore, [firstId], options)).get(firstId);
  if (first === undefined) return undefined;
  if (!isContent(first.metadata, content)) {
    throw new IdempotencyConflictError(options.bankId, firstId);
  }
  const ids = contentMemoryIds(firstId, first.metadata);
  const found = await findVectors(pipeline.vectorStore, ids, options);
  return found.size === ids.length && (await isMirrored(pipeline, ids, options)) ? ids : undefined;
}
