import { matchesFilters } from "../../dto/filters.js";
import { suspectKey } from "../../dto/reserved.js";
import type { VectorFilters } from "../../dto/vector.js";
import type { Candidate } from "./candidate.js";
import type { Fused } from "./fusion.js";

/** The last word on filters, whatever each provider and strategy did with them. */
export function postFilter(
  fused: readonly Fused<Candidate>[],
  filters: VectorFilters,
  excludeSuspects: boolean,
): Fused<Candidate>[] {
  return fused.filter(
    ({ item }) =>
      matchesFilters(item, filters) &&
      !(excludeSuspects && item.metadata?.[suspectKey] !== undefined),
  );
}
