import type { ConformanceTarget } from "../target.js";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";

/** What LangChain leaves to each vector store. */
export interface LangChainVectorStoreCapabilities {
  /** What a score says: higher is better, lower is better, or nothing that could be relied on. */
  readonly scoreMeaning: "similarity" | "distance" | "none";
  /** Where `addDocuments` takes ids from: `options.ids`, `Document.id`. */
  readonly takesIdsFrom: readonly ("options" | "document")[];
  /** Whether `addDocuments` and `addVectors` return the ids. */
  readonly returnsIds: boolean;
  /** Whether documents that are found have their id. */
  readonly showsIds: boolean;
  /** Whether an id that is added again replaces its document. */
  readonly replacesById: boolean;
  /** What `delete` takes: `{ ids }`, `{ filter }`. */
  readonly deletesBy: readonly ("ids" | "filter")[];
  /** Whether there is `maxMarginalRelevanceSearch`. */
  readonly searchesByRelevanceAndVariety: boolean;
}

export interface LangChainVectorStoreTarget extends ConformanceTarget<LangChainVectorStoreLike> {
  /** Where the store can do less than {@link fullLangChainVectorStoreCapabilities}, or something else. */
  readonly capabilities?: Partial<LangChainVectorStoreCapabilities> | undefined;
  /**
   * The filter, in the store's own form, for documents whose metadata has this text under this name. Without it the
   * statements on filters are skipped.
   */
  readonly filterBy?: ((name: string, value: string) => unknown) | undefined;
  /** Ids in a form that the store takes. @defaultValue `id-1`, `id-2`, ... */
  readonly createId?: ((at: number) => string) | undefined;
}

/** What a target is taken to do unless it says otherwise. */
export const fullLangChainVectorStoreCapabilities: LangChainVectorStoreCapabilities = {
  scoreMeaning: "similarity",
  takesIdsFrom: ["options", "document"],
  returnsIds: true,
  showsIds: true,
  replacesById: true,
  deletesBy: ["ids", "filter"],
  searchesByRelevanceAndVariety: true,
};

export function capabilitiesOf(
  target: LangChainVectorStoreTarget,
): LangChainVectorStoreCapabilities {
  return { ...fullLangChainVectorStoreCapabilities, ...target.capabilities };
}

export function withoutIdsFrom(...sources: readonly ("options" | "document")[]) {
  return (target: LangChainVectorStoreTarget): string | false => {
    const { takesIdsFrom } = capabilitiesOf(target);
    const missing = sources.filter((source) => !takesIdsFrom.includes(source));
    return missing.length > 0 && `${missing.join(", ")} not among takesIdsFrom`;
  };
}

export function withoutDelete(target: LangChainVectorStoreTarget): string | false {
  const { deletesBy, takesIdsFrom, returnsIds } = capabilitiesOf(target);
  if (!deletesBy.includes("ids")) return "ids not among deletesBy";
  return takesIdsFrom.length === 0 && !returnsIds && "the store takes no ids and returns none";
}

export function withoutFilter({ filterBy }: LangChainVectorStoreTarget): string | false {
  return filterBy === undefined && "the target has no filterBy";
}

export function withoutDeleteByFilter(target: LangChainVectorStoreTarget): string | false {
  return (
    (!capabilitiesOf(target).deletesBy.includes("filter") && "filter not among deletesBy") ||
    withoutFilter(target)
  );
}

export function withoutVariety(target: LangChainVectorStoreTarget): string | false {
  return (
    !capabilitiesOf(target).searchesByRelevanceAndVariety &&
    "searchesByRelevanceAndVariety is false"
  );
}
