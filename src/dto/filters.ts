import type { Metadata } from "./metadata.js";
import type { VectorFilters } from "./vector.js";

/** What a memory must carry for filters to judge it. */
export interface Filterable {
  readonly bankId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly factType?: string | undefined;
  readonly occurredAt?: string | undefined;
  readonly retainedAt?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

/**
 * Whether a memory satisfies every given filter.
 *
 * - `tags`: at least one in common, case-sensitive; an untagged memory never matches. An empty list is no filter.
 * - `factTypes`: the memory's type is in the list; an untyped memory never matches.
 * - `timeRange`: `occurredAt` lies in it, both ends included; an undated memory never matches.
 * - `asOf`: retained at or before it; a memory without `retainedAt` passes.
 * - `sessionId`: equals `metadata.session_id`.
 * - `metadataFilters`: every listed key is there with an equal value.
 *
 * This is the one definition; stores may answer with SQL, and the pipeline checks again with this.
 */
export function matchesFilters(memory: Filterable, filters: VectorFilters | undefined): boolean {
  if (filters === undefined) return true;
  const { bankId, tags, factTypes, timeRange, asOf, sessionId, metadataFilters } = filters;
  if (bankId !== undefined && memory.bankId !== undefined && memory.bankId !== bankId) return false;
  if (tags?.length && !tags.some((tag) => memory.tags?.includes(tag))) return false;
  if (
    factTypes?.length &&
    (memory.factType === undefined || !factTypes.includes(memory.factType))
  ) {
    return false;
  }
  // Canonical timestamps compare as text.
  if (timeRange !== undefined) {
    const { occurredAt } = memory;
    if (occurredAt === undefined || occurredAt < timeRange[0] || occurredAt > timeRange[1])
      return false;
  }
  if (asOf !== undefined && memory.retainedAt !== undefined && memory.retainedAt > asOf)
    return false;
  const metadata = memory.metadata ?? {};
  if (sessionId !== undefined && metadata["session_id"] !== sessionId) return false;
  return Object.entries(metadataFilters ?? {}).every(
    ([key, value]) => Object.hasOwn(metadata, key) && metadata[key] === value,
  );
}
