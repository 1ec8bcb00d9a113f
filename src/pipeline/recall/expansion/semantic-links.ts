import type { MemoryLink } from "../../../dto/graph.js";
import type { BankOptions } from "../../../spi/call-options.js";
import type { VectorStore } from "../../../spi/vector-store.js";

export interface SemanticLinkOptions extends BankOptions {
  /** Most links from one new memory. @defaultValue 5 */
  readonly topK?: number | undefined;
  /** Least similarity, in `[0, 1]`. @defaultValue 0.7 */
  readonly threshold?: number | undefined;
}

/**
 * Links from new memories to the most similar ones that were stored before them; members of one batch are not linked. The
 * weight of a link is the similarity.
 *
 * @remarks Contract 05 section 3, step 10.
 */
export async function semanticLinks(
  vectorStore: VectorStore,
  added: readonly { readonly id: string; readonly vector: readonly number[] }[],
  { bankId, signal, topK = 5, threshold = 0.7 }: SemanticLinkOptions,
): Promise<MemoryLink[]> {
  const batch = new Set(added.map(({ id }) => id));
  const links = added.map(async ({ id, vector }) => {
    // The batch itself comes back first where it is stored already.
    const limit = topK + batch.size + 2;
    const hits = await vectorStore.searchSimilar(vector, { bankId, limit, signal });
    return hits
      .filter((hit) => !batch.has(hit.id) && hit.score >= threshold)
      .slice(0, topK)
      .map((hit): MemoryLink => ({
        sourceMemoryId: id,
        targetMemoryId: hit.id,
        linkType: "semantic",
        evidence: "",
        confidence: 1,
        weight: hit.score,
      }));
  });
  return (await Promise.all(links)).flat();
}
