import type { DocumentStore } from "astrocyte";
import type { ConformanceTarget } from "../target.js";

export type OptionalDocumentStoreMethod = "deleteDocuments" | "clearBank" | "close";

export interface DocumentStoreTarget extends ConformanceTarget<DocumentStore> {
  /** The optional methods that the store does not have. */
  readonly lacks?: readonly OptionalDocumentStoreMethod[] | undefined;
  /** Whether `searchFulltext` applies a filter on tags before `limit`. @defaultValue true */
  readonly honoursTags?: boolean | undefined;
}

export function withoutMethod(name: OptionalDocumentStoreMethod) {
  return ({ lacks }: DocumentStoreTarget): string | false =>
    (lacks ?? []).includes(name) && `the store has no ${name}`;
}
