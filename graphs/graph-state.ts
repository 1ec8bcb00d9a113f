import type { MemoryHit } from "astrocyte";

/**
 * A hit as it may enter a checkpoint: plain JSON. A metadata key `lc` is left out, since LangGraph's serializer revives
 * objects that carry one instead of keeping them as data.
 */
export function toGraphState(hit: MemoryHit): MemoryHit {
  if (hit.metadata === undefined || !Object.hasOwn(hit.metadata, "lc")) return hit;
  const { lc: _lc, ...metadata } = hit.metadata;
  return { ...hit, metadata };
}
