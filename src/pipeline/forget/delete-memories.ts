import type { BankOptions } from "../../spi/call-options.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";

const batchSize = 500;

/**
 * Deletes memories everywhere: graph and full text first, the vectors last, so that a forget that was cut off finds them
 * again when it is repeated.
 *
 * @returns How many memories the vector store really deleted.
 */
export async function deleteMemories(
  pipeline: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<number> {
  const { vectorStore, documentStore, graphStore, dedup, indexes } = pipeline;
  let deleted = 0;
  for (let start = 0; start < ids.length; start += batchSize) {
    options.signal?.throwIfAborted();
    const batch = ids.slice(start, start + batchSize);
    await graphStore?.removeMemories?.(batch, options);
    if (!isSelfMirroring(pipeline)) await documentStore?.deleteDocuments?.(batch, options);
    deleted += await indexes.write(
      options.bankId,
      () => vectorStore.delete(batch, options),
      (index) => index.remove(batch),
    );
    // A forgotten memory must not make a later one look like a repetition.
    for (const id of batch) dedup.remove(options.bankId, id);
  }
  return deleted;
}
