import { matchesFilters } from "../../dto/filters.js";
import type { ForgetRequest } from "../../dto/forget.js";
import type { VectorItem } from "../../dto/vector.js";
import type { CallOptions } from "../../spi/call-options.js";
import { findVectors, listAllVectors } from "../list-all-vectors.js";
import type { Pipeline } from "../pipeline.js";
import { contentMemoryIds } from "../retain/memory-ids.js";

function isSelected(item: VectorItem, { tags, beforeDate }: ForgetRequest): boolean {
  if (
    beforeDate !== undefined &&
    !(item.occurredAt !== undefined && item.occurredAt < beforeDate)
  ) {
    return false;
  }
  return matchesFilters(item, { tags });
}

/**
 * The ids of the memories that every given selector matches, with the other chunks of their contents: what was retained as
 * one is forgotten as one. No selector matches nothing.
 */
export async function selectMemories(
  { vectorStore }: Pipeline,
  request: ForgetRequest,
  { signal }: CallOptions,
): Promise<string[]> {
  const { bankId, memoryIds, tags, beforeDate } = request;
  // An empty list is a selector that matches nothing; as a filter it would match all.
  if (tags?.length === 0 || memoryIds?.length === 0) return [];
  if (memoryIds === undefined && tags === undefined && beforeDate === undefined) return [];
  const candidates =
    memoryIds === undefined
      ? listAllVectors(vectorStore, { bankId, signal })
      : (await findVectors(vectorStore, memoryIds, { bankId, signal })).values();
  // Ids alone are taken at their word: another store may still know one that the vectors no longer hold.
  const ids = new Set(tags === undefined && beforeDate === undefined ? memoryIds : []);
  for await (const item of candidates) {
    if (!isSelected(item, request)) continue;
    for (const id of contentMemoryIds(item.id, item.metadata)) ids.add(id);
  }
  return [...ids];
}
