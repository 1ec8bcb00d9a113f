import { StorageError } from "../../errors.js";
import type { BankOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { deleteMemories } from "./delete-memories.js";

const pageSize = 200;

/**
 * Empties a bank in every store.
 *
 * @returns The number of memories deleted.
 * @throws StorageError when the store lists memories but deletes none of them.
 */
export async function clearBank(pipeline: Pipeline, options: BankOptions): Promise<number> {
  const { vectorStore, documentStore, graphStore } = pipeline;
  if (!Object.is(graphStore, vectorStore)) await graphStore?.clearBank?.(options);
  if (!Object.is(documentStore, vectorStore)) await documentStore?.clearBank?.(options);
  if (vectorStore.clearBank !== undefined) return vectorStore.clearBank(options);
  let deleted = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const page = await vectorStore.listVectors({ ...options, offset: 0, limit: pageSize });
    if (page.length === 0) return deleted;
    const removed = await deleteMemories(
      pipeline,
      page.map(({ id }) => id),
      options,
    );
    if (removed === 0) {
      throw new StorageError(
        `Vector store "${vectorStore.name}" still lists memories of bank "${options.bankId}" but deletes none`,
      );
    }
    deleted += removed;
  }
}
