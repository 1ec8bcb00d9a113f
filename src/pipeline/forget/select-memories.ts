import { matchesFilters } from "../../dto/filters.js";
import type { ForgetRequest } from "../../dto/forget.js";
import type { VectorItem } from "../../dto/vector.js";
import type { CallOptions } from "../../spi/call-options.js";
import { findVectors, listAllVectors } from "../list-all-vectors.js";
import type { Pipeline } from "../pipeline.js";
import { contentMemoryIds } from "../retain/memory-ids.js";

function isSelected(item: VectorItem, { memoryIds, tags, beforeDate }: ForgetRequest): boolean {
  if (memoryIds !== undefined && !memoryIds.includes(item.id)) return false;
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
  const ids = new Set<string>();
  const add = (item: VectorItem): void => {
    for (const id of contentMemoryIds(item.id, item.metadata)) ids.add(id);
  };
  if (tags !== undefined || beforeDate !== undefined) {
    // An empty tag list is a selector that matches nothing; as a filter it would match all.
    if (tags?.length === 0) return [];
    for await (const item of listAllVectors(vectorStore, { bankId, signal })) {
      if (isSelected(item, request)) add(item);
    }
  } else if (memoryIds !== undefined) {
    for (const id of memoryIds) ids.add(id);
    for (const item of (await findVectors(vectorStore, memoryIds, { bankId, signal })).values())
      add(item);
  }
  return [...ids];
}
