import type { VectorItem } from "../../dto/vector.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { DocumentStore } from "../../spi/document-store.js";
import { findVectors } from "../list-all-vectors.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";

async function mirror(
  { logger }: Pipeline,
  documentStore: DocumentStore,
  { id, bankId, text, metadata, tags }: VectorItem,
  { signal }: CallOptions,
): Promise<boolean> {
  const document = {
    id,
    text,
    ...(metadata === undefined ? {} : { metadata }),
    ...(tags === undefined ? {} : { tags }),
  };
  try {
    await documentStore.storeDocument(document, { bankId, signal });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    logger.warn("astrocyte.retain.mirror_failed", {
      bank_id: bankId,
      memory_id: id,
      error: error instanceof Error ? error.name : typeof error,
    });
    return false;
  }
}

/**
 * Puts memories of one bank into the document store under the same ids, unless the vector store has done so itself. A memory
 * that cannot be mirrored is still stored; it is reported, and found by its vector only. One that was forgotten meanwhile is
 * taken out again.
 *
 * @returns The ids of the memories that are whole.
 */
export async function mirrorDocuments(
  pipeline: Pipeline,
  items: readonly VectorItem[],
  options: CallOptions,
): Promise<ReadonlySet<string>> {
  const { documentStore, vectorStore } = pipeline;
  const ids = items.map(({ id }) => id);
  const [first] = items;
  if (documentStore === undefined || first === undefined || isSelfMirroring(pipeline)) {
    return new Set(ids);
  }
  const mirrored = new Set<string>();
  for (const item of items) {
    if (await mirror(pipeline, documentStore, item, options)) mirrored.add(item.id);
  }
  const bank = { bankId: first.bankId, ...options };
  const kept = await findVectors(vectorStore, ids, bank);
  const forgotten = ids.filter((id) => !kept.has(id));
  if (forgotten.length > 0) await documentStore.deleteDocuments?.(forgotten, bank);
  return mirrored;
}
