import type { Metadata } from "../../../dto/metadata.js";

/** Both lists in order, without repetitions and empty tags; `undefined` when nothing is left. */
export function mergeTags(
  base: readonly string[] | undefined,
  extra: readonly string[] | undefined,
): string[] | undefined {
  const tags = [...new Set([...(base ?? []), ...(extra ?? [])])].filter((tag) => tag !== "");
  return tags.length === 0 ? undefined : tags;
}

/** The request's value wins, also when it is null; `undefined` when nothing is left. */
export function mergeMetadata(
  mapped: Metadata | undefined,
  request: Metadata | undefined,
): Metadata | undefined {
  const metadata = { ...mapped, ...request };
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}
