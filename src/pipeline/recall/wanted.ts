import { matchesFilters, type Filterable } from "../../dto/filters.js";
import { hiddenKey, suspectKey } from "../../dto/reserved.js";
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

/** Whether a memory is a record that is kept, and not to be found. */
export function isHidden({ metadata }: Filterable): boolean {
  return metadata?.[hiddenKey] === true;
}

export function isWanted(memory: Filterable, { filters, excludeSuspects }: Wanted): boolean {
  return (
    matchesFilters(memory, filters) && !isHidden(memory) && !(excludeSuspects && isSuspect(memory))
  );
}
