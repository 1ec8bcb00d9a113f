import type { GraphStore } from "astrocyte";
import type { ConformanceTarget } from "../target.js";

export const optionalGraphStoreMethods = [
  "findEntityCandidatesScored",
  "storeMemoryLinks",
  "findMemoryLinks",
  "getEntityIdsForMemories",
  "removeMemories",
  "clearBank",
  "close",
] as const;

export type OptionalGraphStoreMethod = (typeof optionalGraphStoreMethods)[number];

export interface GraphStoreTarget extends ConformanceTarget<GraphStore> {
  /** The optional methods that the store does not have. */
  readonly lacks?: readonly OptionalGraphStoreMethod[] | undefined;
  /** Whether `queryNeighbors` walks links between entities. @defaultValue true */
  readonly walksLinks?: boolean | undefined;
}

export function withoutMethods(...names: readonly OptionalGraphStoreMethod[]) {
  return ({ lacks = [] }: GraphStoreTarget): string | false => {
    const missing = names.filter((name) => lacks.includes(name));
    return missing.length > 0 && `the store has no ${missing.join(", ")}`;
  };
}
