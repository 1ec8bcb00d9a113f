import type { BankOptions } from "../../spi/call-options.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";
import { addCounts, nothingDeleted, type DeletionCounts } from "./deletion-counts.js";

const batchSize = 500;

/**
 * Deletes memories from every store: graph and full text first, the vectors last, so that a forget that was cut off finds them
 * again when it is repeated.
 */
export async function deleteEverywhere(
  pipeline: Pipeline,
  ids: readonly string[],
  options: BankOptions,
): Promise<DeletionCounts> {
  const { vectorStore, documentStore, graphStore, dedup, indexes } = pipeline;
  let counts = nothingDeleted;
  for (let start = 0; start < ids.length; start += batchSize) {
    options.signal?.throwIfAborted();
    const batch = ids.slice(start, start + batchSize);
    const graph = await graphStore?.removeMemories?.(batch, options);
    const documents = isSelfMirroring(pipeline)
      ? undefined
      : await documentStore?.deleteDocuments?.(batch, options);
    const vectors = await indexes.write(
      options.bankId,
      () => vectorStore.delete(batch, options),
      (index) => index.remove(batch),
    );
    // A forgotten memory must not make a later one look like a repetition.
    for (const id of batch) dedup.remove(options.bankId, id);
    const mirrored = isSelfMirroring(pipeline) ? vectors : documents;
    counts = addCounts(counts, { vectors, documents: mirrored, graph, observations: 0 });
  }
  return counts;
}
