import type { FilterName, VectorStore, VectorStoreCapabilities } from "astrocyte";
import type { ConformanceTarget } from "../target.js";

export type OptionalVectorStoreMethod =
  | "getByIds"
  | "listRecentVectors"
  | "getByChunkIds"
  | "clearBank"
  | "close";

export interface VectorStoreTarget extends ConformanceTarget<VectorStore> {
  /** Length of the vectors to store, at least 4. @defaultValue 8 */
  readonly dimension?: number | undefined;
  /** Where the store declares something else than {@link fullVectorStoreCapabilities}. */
  readonly capabilities?: Partial<VectorStoreCapabilities> | undefined;
  /** The optional methods that the store does not have. */
  readonly lacks?: readonly OptionalVectorStoreMethod[] | undefined;
  /** Makes the store's backend unreachable, to see whether `health` still answers. */
  readonly takeDown?: ((store: VectorStore) => void | Promise<void>) | undefined;
}

/** What a target is taken to declare unless it says otherwise. */
export const fullVectorStoreCapabilities: VectorStoreCapabilities = {
  supportsDelete: true,
  supportsListing: true,
  honouredFilters: ["tags", "factTypes", "timeRange", "metadataFilters", "asOf", "sessionId"],
  scoreMeaning: "similarity",
  acceptsEmptyVectors: true,
  indexesText: false,
};

export function capabilitiesOf(target: VectorStoreTarget): VectorStoreCapabilities {
  return { ...fullVectorStoreCapabilities, ...target.capabilities };
}

export function withoutDelete(target: VectorStoreTarget): string | false {
  return !capabilitiesOf(target).supportsDelete && "supportsDelete is false";
}

export function withoutListing(target: VectorStoreTarget): string | false {
  return !capabilitiesOf(target).supportsListing && "supportsListing is false";
}

export function withoutFilter(...names: readonly FilterName[]) {
  return (target: VectorStoreTarget): string | false => {
    const { honouredFilters } = capabilitiesOf(target);
    const missing = names.filter((name) => !honouredFilters.includes(name));
    return missing.length > 0 && `${missing.join(", ")} not among honouredFilters`;
  };
}

export function withoutMethod(name: OptionalVectorStoreMethod) {
  return (target: VectorStoreTarget): string | false =>
    (target.lacks ?? []).includes(name) && `the store has no ${name}`;
}
