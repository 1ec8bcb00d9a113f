import type { VectorItem } from "../../dto/vector.js";
import type { CallOptions } from "../../spi/call-options.js";
import { isSelfMirroring, type Pipeline } from "../pipeline.js";

/**
 * Puts memories into the document store under the same ids, unless the vector store has done so itself. A memory that
 * cannot be mirrored is still stored; it is reported, and found by its vector only.
 */
export async function mirrorDocuments(
  pipeline: Pipeline,
  items: readonly VectorItem[],
  { signal }: CallOptions,
): Promise<void> {
  const { documentStore, logger } = pipeline;
  if (documentStore === undefined || isSelfMirroring(pipeline)) return;
  for (const { id, bankId, text, metadata, tags } of items) {
    const document = {
      id,
      text,
      ...(metadata === undefined ? {} : { metadata }),
      ...(tags === undefined ? {} : { tags }),
    };
    try {
      await documentStore.storeDocument(document, { bankId, signal });
    } catch (error) {
      signal?.throwIfAborted();
      logger.warn("astrocyte.retain.mirror_failed", {
        bank_id: bankId,
        memory_id: id,
        error: error instanceof Error ? error.name : typeof error,
      });
    }
  }
}
