import type { BankOptions } from "../../spi/call-options.js";
import { deleteMemories } from "../forget/delete-memories.js";
import type { Pipeline } from "../pipeline.js";
import { linkMemories, type Linked } from "./link-memories.js";
import { mirrorDocuments } from "./mirror-documents.js";
import type { StoreStep } from "./prepare-items.js";

/** Writes to every store; what each content cost, by its first id. */
export async function storeContents(
  pipeline: Pipeline,
  { outcomes, replacedIds }: StoreStep,
  options: BankOptions,
): Promise<Map<string, Linked>> {
  const { signal, bankId } = options;
  signal?.throwIfAborted();
  const stored = outcomes.filter(({ items }) => items.length > 0);
  if (stored.length === 0) return new Map();
  const kept = stored.flatMap(({ items }) => items);
  await pipeline.indexes.write(
    bankId,
    () => pipeline.vectorStore.storeVectors(kept, { signal }),
    (index) => index.add(kept),
  );
  const mirrored = await mirrorDocuments(pipeline, kept, { signal });
  const linked = await linkMemories(pipeline, stored, options);
  for (const { content, items } of stored) {
    const isLinked = linked.get(content.firstId)?.isWhole ?? true;
    // One that may be kept out of recall must not keep an honest repetition out of the store.
    if (content.suspect !== undefined) continue;
    for (const { id, vector } of items) {
      // One that is not whole must not keep its repetition out, which would heal it.
      if (vector.length > 0 && isLinked && mirrored.has(id)) pipeline.dedup.add(bankId, id, vector);
    }
  }
  // Last, so that a failure on the way leaves both and loses neither.
  if (replacedIds.length > 0) await deleteMemories(pipeline, replacedIds, options);
  return linked;
}
