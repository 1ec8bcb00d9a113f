import { StorageError } from "../../errors.js";
import type { BankOptions } from "../../spi/call-options.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";
import { deleteMemories } from "./delete-memories.js";
import { addCounts, nothingDeleted, type DeletionCounts } from "./deletion-counts.js";

const pageSize = 200;

interface SideStore {
  clearBank?(options: BankOptions): Promise<number>;
}

/** Stores of their own beside the vectors. */
function sideStores({ vectorStore, documentStore, graphStore }: Pipeline) {
  const beside = <Store extends SideStore>(store: Store | undefined): Store | undefined =>
    Object.is(store, vectorStore) ? undefined : store;
  return { documents: beside(documentStore), graph: beside(graphStore) };
}

/** Whether clearing store by store leaves nothing; otherwise memories must be deleted by id. */
function canClearAtOnce(pipeline: Pipeline): boolean {
  const { vectorStore, documentStore } = pipeline;
  const isMirroredInside = Object.is(documentStore, vectorStore) && !isSelfMirroring(pipeline);
  return (
    vectorStore.clearBank !== undefined &&
    !isMirroredInside &&
    Object.values(sideStores(pipeline)).every(
      (store) => store === undefined || store.clearBank !== undefined,
    )
  );
}

/** @throws StorageError when the store lists memories but deletes none of them. */
async function deletePages(pipeline: Pipeline, options: BankOptions): Promise<DeletionCounts> {
  const { vectorStore } = pipeline;
  let counts = nothingDeleted;
  for (;;) {
    options.signal?.throwIfAborted();
    const page = await vectorStore.listVectors({ ...options, offset: 0, limit: pageSize });
    if (page.length === 0) return counts;
    const ids = page.map(({ id }) => id);
    const removed = await deleteMemories(pipeline, ids, options);
    if (removed.vectors === 0) {
      throw new StorageError(
        `Vector store "${vectorStore.name}" still lists memories of bank "${options.bankId}" but deletes none`,
      );
    }
    counts = addCounts(counts, removed);
  }
}

/**
 * Empties a bank in every store.
 *
 * @throws StorageError when the store lists memories but deletes none of them.
 */
export async function clearBank(pipeline: Pipeline, options: BankOptions): Promise<DeletionCounts> {
  const { vectorStore, dedup, indexes } = pipeline;
  const atOnce = canClearAtOnce(pipeline);
  const paged = atOnce ? nothingDeleted : await deletePages(pipeline, options);
  // Also what no memory points at any more.
  const { documents, graph } = sideStores(pipeline);
  const cleared = {
    ...nothingDeleted,
    documents: await documents?.clearBank?.(options),
    graph: await graph?.clearBank?.(options),
  };
  dedup.clear(options.bankId);
  const counts = addCounts(paged, cleared);
  if (!atOnce || vectorStore.clearBank === undefined) return counts;
  const clear = vectorStore.clearBank.bind(vectorStore);
  const vectors = await indexes.write(
    options.bankId,
    () => clear(options),
    (index) => index.clear(),
  );
  return isSelfMirroring(pipeline)
    ? { ...counts, vectors, documents: vectors }
    : { ...counts, vectors };
}
