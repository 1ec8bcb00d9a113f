import type { VectorItem } from "../dto/vector.js";
import type { BankOptions } from "../spi/call-options.js";
import { deleteMemories } from "../pipeline/forget/delete-memories.js";
import { noUsage } from "../pipeline/llm/ask-model.js";
import { findVectors } from "../pipeline/list-all-vectors.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import { embedMemories } from "../pipeline/retain/embed-memories.js";
import type { Outcome } from "../pipeline/retain/prepare-items.js";
import { storedMemory } from "../pipeline/retain/stored-memory.js";
import { storeContents } from "../pipeline/retain/store-contents.js";

/** A memory to be written as it is; an empty vector is computed. */
export interface Restorable {
  readonly item: VectorItem;
  readonly lineNumber: number;
  readonly suspect: string | undefined;
}

/** The memories with vectors, those that have none embedded in one call. */
async function withVectors(
  pipeline: Pipeline,
  restorables: readonly Restorable[],
  options: BankOptions,
): Promise<Restorable[]> {
  const bare = restorables.filter(({ item }) => item.vector.length === 0);
  const texts = bare.map(({ item }) => item.text);
  const vectors = texts.length === 0 ? [] : await embedMemories(pipeline, texts, options);
  const embedded = new Map(bare.map((restorable, index) => [restorable, vectors?.[index] ?? []]));
  return restorables.map((restorable) => {
    const vector = embedded.get(restorable);
    return vector === undefined
      ? restorable
      : { ...restorable, item: { ...restorable.item, vector: [...vector] } };
  });
}

/** The ids among these that the bank has. */
export async function presentIds(
  { vectorStore }: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<Set<string>> {
  return new Set((await findVectors(vectorStore, ids, options)).keys());
}

/**
 * Writes memories with their ids and times to every store, and links them as retain does.
 *
 * @param replacedIds - Which of them are there already; what was derived from those goes first, once there are new vectors.
 */
export async function restoreMemories(
  pipeline: Pipeline,
  restorables: readonly Restorable[],
  replacedIds: readonly string[],
  options: BankOptions,
): Promise<void> {
  const outcomes = (await withVectors(pipeline, restorables, options)).map(({ item }): Outcome => ({
    ...storedMemory(item),
    usage: noUsage,
  }));
  if (replacedIds.length > 0) await deleteMemories(pipeline, replacedIds, options);
  await storeContents(pipeline, { outcomes, replacedIds: [] }, options);
}
