import { StorageError } from "../../errors.js";
import type { BankOptions } from "../../spi/call-options.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";
import { deleteMemories } from "./delete-memories.js";

const pageSize = 200;

/** Stores of their own beside the vectors. */
function sideStores({ vectorStore, documentStore, graphStore }: Pipeline) {
  return [documentStore, graphStore].filter(
    (store) => store !== undefined && !Object.is(store, vectorStore),
  );
}

/** Whether clearing store by store leaves nothing; otherwise memories must be deleted by id. */
function canClearAtOnce(pipeline: Pipeline): boolean {
  const { vectorStore, documentStore } = pipeline;
  const isMirroredInside = Object.is(documentStore, vectorStore) && !isSelfMirroring(pipeline);
  return (
    vectorStore.clearBank !== undefined &&
    !isMirroredInside &&
    sideStores(pipeline).every((store) => store?.clearBank !== undefined)
  );
}

/**
 * Empties a bank in every store.
 *
 * @returns The number of memories deleted.
 * @throws StorageError when the store lists memories but deletes none of them.
 */
export async function clearBank(pipeline: Pipeline, options: BankOptions): Promise<number> {
  const { vectorStore } = pipeline;
  const atOnce = canClearAtOnce(pipeline);
  let deleted = 0;
  if (!atOnce) {
    for (;;) {
      options.signal?.throwIfAborted();
      const page = await vectorStore.listVectors({ ...options, offset: 0, limit: pageSize });
      if (page.length === 0) break;
      const ids = page.map(({ id }) => id);
      const removed = await deleteMemories(pipeline, ids, options);
      if (removed === 0) {
        throw new StorageError(
          `Vector store "${vectorStore.name}" still lists memories of bank "${options.bankId}" but deletes none`,
        );
      }
      deleted += removed;
    }
  }
  // Also what no memory points at any more.
  for (const store of sideStores(pipeline)) await store?.clearBank?.(options);
  pipeline.dedup.clear(options.bankId);
  if (!atOnce || vectorStore.clearBank === undefined) return deleted;
  const clear = vectorStore.clearBank.bind(vectorStore);
  return pipeline.indexes.write(
    options.bankId,
    () => clear(options),
    (index) => index.clear(),
  );
}
