import type { VectorItem } from "../../dto/vector.js";
import { IdempotencyConflictError } from "../../errors.js";
import type { BankOptions } from "../../spi/call-options.js";
import { findVectors } from "../list-all-vectors.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";
import { isContent } from "./content-identity.js";
import { contentMemoryIds } from "./memory-ids.js";
import type { PreparedContent } from "./prepare-content.js";

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
 * Looks once more, inside the transaction that stores contents: another process may have been faster with a key.
 *
 * @throws IdempotencyConflictError when it stored other content.
 */
export async function assertUnclaimed(
  { vectorStore }: Pipeline,
  contents: readonly PreparedContent[],
  options: BankOptions,
): Promise<void> {
  const keyed = contents.filter(({ isKeyed }) => isKeyed);
  const firstIds = keyed.map(({ firstId }) => firstId);
  const firsts = await findVectors(vectorStore, firstIds, options);
  for (const { firstId, content } of keyed) {
    const first = firsts.get(firstId);
    if (first !== undefined && !isContent(first.metadata, content)) {
      throw new IdempotencyConflictError(options.bankId, firstId);
    }
  }
}

/**
 * Looks which keyed contents are stored already, whole and in every store, with one look-up for all of them and one more for
 * further chunks.
 *
 * @returns The memories of a content by its first id; nothing for one that is absent, or was cut off and must be stored again.
 * @throws IdempotencyConflictError when other content is stored under a key.
 */
export async function findRetained(
  pipeline: Pipeline,
  contents: readonly PreparedContent[],
  options: BankOptions,
): Promise<Map<string, VectorItem[]>> {
  const { vectorStore } = pipeline;
  const firstIds = contents.map(({ firstId }) => firstId);
  const firsts = await findVectors(vectorStore, firstIds, options);
  const expected = new Map<string, string[]>();
  for (const { firstId, content } of contents) {
    const first = firsts.get(firstId);
    if (first === undefined) continue;
    if (!isContent(first.metadata, content)) {
      throw new IdempotencyConflictError(options.bankId, firstId);
    }
    expected.set(firstId, contentMemoryIds(firstId, first.metadata));
  }
  const further = [...expected.values()].flat().filter((id) => !firsts.has(id));
  const found = await findVectors(vectorStore, further, options);
  const retained = new Map<string, VectorItem[]>();
  for (const [firstId, ids] of expected) {
    const items = ids.flatMap((id) => firsts.get(id) ?? found.get(id) ?? []);
    const isWhole = items.length === ids.length;
    if (isWhole && (await isMirrored(pipeline, ids, options))) retained.set(firstId, items);
  }
  return retained;
}
