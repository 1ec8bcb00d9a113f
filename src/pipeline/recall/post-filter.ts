import { matchesFilters } from "../../dto/filters.js";
import type { VectorFilters } from "../../dto/vector.js";
import type { Candidate } from "./candidate.js";
import type { Fused } from "./fusion.js";
import { isHidden, isSuspect } from "./wanted.js";

/** What the caller brings along is judged by what it says of itself, and neither by session nor by time of retain. */
function admitsExternal(item: Candidate, { tags, factTypes, timeRange }: VectorFilters): boolean {
  return matchesFilters(item, {
    tags: item.tags?.length ? tags : undefined,
    factTypes: item.factType === undefined ? undefined : factTypes,
    timeRange: item.occurredAt === undefined ? undefined : timeRange,
  });
}

/** The last word on filters, whatever each provider and strategy did with them. */
export function postFilter(
  fused: readonly Fused<Candidate>[],
  filters: VectorFilters,
  excludeSuspects: boolean,
): Fused<Candidate>[] {
  return fused.filter(({ item, foundBy }) => {
    const isExternal = foundBy.length === 1 && foundBy[0] === "proxy";
    return (
      (isExternal ? admitsExternal(item, filters) : matchesFilters(item, filters)) &&
      !isHidden(item) &&
      !(excludeSuspects && isSuspect(item))
    );
  });
}
