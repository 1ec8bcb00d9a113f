import type { Metadata } from "../../dto/metadata.js";
import {
  createdAtKey,
  positionKey,
  reservedMetadataPrefix,
  sourceKey,
  suspectKey,
} from "../../dto/reserved.js";
import type { Timestamp } from "../../dto/timestamp.js";
import type { VectorItem } from "../../dto/vector.js";
import { contentIdentity } from "./content-identity.js";
import { chunkMemoryId, chunkMetadata } from "./memory-ids.js";
import type { PreparedContent } from "./prepare-content.js";

/** The caller's metadata without the keys that only the framework may write. */
export function callerMetadata(metadata: Metadata | undefined): Metadata {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter(([key]) => !key.startsWith(reservedMetadataPrefix)),
  );
}

/**
 * The memories of one content: a chunk each, all with the content's metadata, tags and times.
 *
 * @param position - The place of the first among the memories of the call; absent when it is the only one.
 */
export function buildItems(
  { request, content, chunks, tags, factType, firstId, isKeyed, suspect, ...rest }: PreparedContent,
  vectors: readonly (readonly number[])[] | undefined,
  retainedAt: Timestamp,
  position: number | undefined,
): VectorItem[] {
  const metadata: Metadata = {
    ...callerMetadata(rest.metadata),
    [createdAtKey]: retainedAt,
    ...(request.source === undefined ? {} : { [sourceKey]: request.source }),
    ...(suspect === undefined ? {} : { [suspectKey]: suspect }),
    ...(isKeyed ? contentIdentity(content) : {}),
    ...chunkMetadata(firstId, chunks.length),
  };
  return chunks.map((chunk, index) => {
    const occurredAt = chunk.occurredAt ?? request.occurredAt;
    return {
      id: chunkMemoryId(firstId, index),
      bankId: request.bankId,
      vector: [...(vectors?.[index] ?? [])],
      text: chunk.text,
      metadata: {
        ...metadata,
        ...chunk.metadata,
        ...(position === undefined ? {} : { [positionKey]: position + index }),
      },
      ...(tags === undefined ? {} : { tags: [...tags] }),
      factType: chunk.factType ?? factType,
      ...(occurredAt === undefined ? {} : { occurredAt }),
      retainedAt,
    };
  });
}
