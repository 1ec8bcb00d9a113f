import type { DocumentInterface } from "@langchain/core/documents";
import { InvalidArgumentError, metadataSchema, parseShape, type Metadata } from "astrocyte";

/**
 * Which documents count: metadata keys and the scalars that they must equal, all of them, or a function. An operator object such
 * as `{ $gt: 1 }` is refused, since a store that did not know it would find everything.
 */
export type DocumentFilter = Readonly<Metadata> | ((document: DocumentInterface) => boolean);

/** The part that a store can check itself; undefined when there is none. */
export function metadataOfFilter(filter: DocumentFilter | undefined): Metadata | undefined {
  if (filter === undefined || typeof filter === "function") return undefined;
  if (typeof filter !== "object" || Array.isArray(filter)) {
    throw new InvalidArgumentError(
      "filter: expected an object of metadata keys and scalars, or a function",
    );
  }
  const metadata = parseShape(metadataSchema, filter, "filter");
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}
