import type { BankOptions } from "../../spi/call-options.js";
import type { BankIndex } from "../bank-index/bank-index.js";
import { isSelfMirroring, storesTogether, together, type Pipeline } from "../pipeline.js";
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
    const remove = () => vectorStore.delete(batch, options);
    const removeBeside = async () => ({
      graph: await graphStore?.removeMemories?.(batch, options),
      documents: isSelfMirroring(pipeline)
        ? undefined
        : await documentStore?.deleteDocuments?.(batch, options),
    });
    const drop = (index: BankIndex) => index.remove(batch);
    const removeAll = async () => ({ ...(await removeBeside()), vectors: await remove() });
    const { graph, documents, vectors } = storesTogether(pipeline)
      ? await indexes.write(options.bankId, () => together(pipeline, removeAll, options), drop)
      : {
          ...(await removeBeside()),
          vectors: await indexes.write(options.bankId, remove, drop),
        };
    // A forgotten memory must not make a later one look like a repetition.
    for (const id of batch) dedup.remove(options.bankId, id);
    const mirrored = isSelfMirroring(pipeline) ? vectors : documents;
    counts = addCounts(counts, { vectors, documents: mirrored, graph, observations: 0 });
  }
  return counts;
}
