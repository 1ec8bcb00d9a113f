import type { BankOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { entitySource } from "./entities/entity-source.js";
import type { StoredContent } from "./link-memories.js";

/**
 * Contents that are stored already and that the graph does not know, so that linking them again heals a retain that was cut
 * off. A graph store that cannot say, or does not answer, is left alone.
 */
export async function findUnlinked(
  pipeline: Pipeline,
  stored: readonly StoredContent[],
  bank: BankOptions,
): Promise<StoredContent[]> {
  const { graphStore } = pipeline;
  const wanted = stored.filter(({ content }) => entitySource(pipeline, content.profile) !== "none");
  if (wanted.length === 0 || graphStore?.getEntityIdsForMemories === undefined) return [];
  const ids = wanted.flatMap(({ items }) => items.map(({ id }) => id));
  try {
    const known = await graphStore.getEntityIdsForMemories(ids, bank);
    return wanted.filter(({ items }) => items.every(({ id }) => !Object.hasOwn(known, id)));
  } catch {
    bank.signal?.throwIfAborted();
    return [];
  }
}
