import type { BankOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";

const batchSize = 500;

/**
 * Deletes memories everywhere: graph and full text first, the vectors last, so that a forget that was cut off finds them
 * again when it is repeated. A store that serves several roles deletes once.
 *
 * @returns How many memories the vector store really deleted.
 */
export async function deleteMemories(
  { vectorStore, documentStore, graphStore }: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<number> {
  let deleted = 0;
  for (let start = 0; start < ids.length; start += batchSize) {
    options.signal?.throwIfAborted();
    const batch = ids.slice(start, start + batchSize);
    if (!Object.is(graphStore, vectorStore)) await graphStore?.removeMemories?.(batch, options);
    if (!Object.is(documentStore, vectorStore))
      await documentStore?.deleteDocuments?.(batch, options);
    deleted += await vectorStore.delete(batch, options);
  }
  return deleted;
}
