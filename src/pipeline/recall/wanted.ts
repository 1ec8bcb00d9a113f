import { matchesFilters, type Filterable } from "../../dto/filters.js";
import { suspectKey } from "../../dto/reserved.js";
import type { VectorFilters } from "../../dto/vector.js";

/** What a recall may return. */
export interface Wanted {
  readonly filters: VectorFilters;
  /** Leaves out memories that read like instructions. */
  readonly excludeSuspects: boolean;
}

export function isSuspect({ metadata }: Filterable): boolean {
  return metadata?.[suspectKey] !== undefined;
}

export function isWanted(memory: Filterable, { filters, excludeSuspects }: Wanted): boolean {
  return matchesFilters(memory, filters) && !(excludeSuspects && isSuspect(memory));
}
