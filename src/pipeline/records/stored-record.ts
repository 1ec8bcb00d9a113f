import type { VectorItem } from "../../dto/vector.js";
import { createdAtKey, recordKey } from "../../dto/reserved.js";
import type { Timestamp } from "../../dto/timestamp.js";

/** A record as it was put. */
export interface StoredRecord {
  readonly id: string;
  readonly data: string;
  /** When the id was put first. */
  readonly createdAt: Timestamp;
  /** When the id was put last. */
  readonly updatedAt: Timestamp;
}

/** The record that a memory keeps; undefined for a memory that is none. */
export function recordOf({
  id,
  metadata,
  retainedAt,
}: Pick<VectorItem, "id" | "metadata" | "retainedAt">): StoredRecord | undefined {
  const data = metadata?.[recordKey];
  if (typeof data !== "string" || retainedAt === undefined) return undefined;
  const createdAt = metadata?.[createdAtKey];
  return {
    id,
    data,
    createdAt: typeof createdAt === "string" ? createdAt : retainedAt,
    updatedAt: retainedAt,
  };
}
