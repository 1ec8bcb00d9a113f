import type { VectorItem } from "../../dto/vector.js";
import { inGroups } from "../../internal/in-groups.js";
import type { BankOptions } from "../../spi/call-options.js";
import { findVectors } from "../list-all-vectors.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";
import { observationsOf } from "./drop-observations.js";

const mostProbes = 3;
const searchLimit = 10;
const documentsAtOnce = 50;

/** Memories to search for once they are gone; asked before. */
export async function probesFor(
  { vectorStore }: Pipeline,
  ids: readonly string[],
  bank: BankOptions,
): Promise<VectorItem[]> {
  return [...(await findVectors(vectorStore, ids.slice(0, mostProbes), bank)).values()];
}

async function hasDocument(
  pipeline: Pipeline,
  ids: readonly string[],
  bank: BankOptions,
): Promise<boolean> {
  const { documentStore } = pipeline;
  if (documentStore === undefined || isSelfMirroring(pipeline)) return false;
  const found = await inGroups(ids, documentsAtOnce, (id) => documentStore.getDocument(id, bank));
  return found.some((document) => document !== undefined);
}

/** The ids that searching for a memory brings up. */
async function search(
  { vectorStore, documentStore }: Pipeline,
  { vector, text }: VectorItem,
  bank: BankOptions,
): Promise<string[]> {
  const options = { ...bank, limit: searchLimit };
  const alike = vector.length === 0 ? [] : await vectorStore.searchSimilar(vector, options);
  const named = (await documentStore?.searchFulltext(text, options)) ?? [];
  return [...alike.map(({ id }) => id), ...named.map(({ documentId }) => documentId)];
}

async function isGone(
  pipeline: Pipeline,
  ids: readonly string[],
  probes: readonly VectorItem[],
  bank: BankOptions,
): Promise<boolean> {
  const { vectorStore, graphStore } = pipeline;
  const forgotten = new Set(ids);
  if ((await findVectors(vectorStore, ids, bank)).size > 0) return false;
  if (await hasDocument(pipeline, ids, bank)) return false;
  const linked = await graphStore?.getEntityIdsForMemories?.(ids, bank);
  if (Object.values(linked ?? {}).some((entityIds) => entityIds.length > 0)) return false;
  for (const probe of probes) {
    if ((await search(pipeline, probe, bank)).some((id) => forgotten.has(id))) return false;
  }
  return (await observationsOf(pipeline, forgotten, bank)).length === 0;
}

/**
 * Looks whether memories are really gone: by their ids in every store, by the searches that would find the probes, and among
 * the observations. A store that cannot be asked proves nothing.
 */
export async function verifyForgotten(
  pipeline: Pipeline,
  ids: readonly string[],
  probes: readonly VectorItem[],
  bank: BankOptions,
): Promise<boolean> {
  let isVerified = false;
  try {
    isVerified = ids.length === 0 || (await isGone(pipeline, ids, probes, bank));
  } catch {
    bank.signal?.throwIfAborted();
  }
  if (!isVerified) pipeline.logger.warn("astrocyte.forget.unverified", { bank_id: bank.bankId });
  return isVerified;
}
