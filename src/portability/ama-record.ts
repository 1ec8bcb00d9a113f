import * as z from "zod";
import { isRecord } from "../dto/is-record.js";
import { metadataSchema, type Metadata } from "../dto/metadata.js";
import { createdAtKey, sourceKey } from "../dto/reserved.js";
import { timestampSchema, type Timestamp } from "../dto/timestamp.js";
import type { VectorItem } from "../dto/vector.js";
import { toWire, fromWire } from "../dto/wire.js";

/**
 * One memory as a line of an AMA file. `memoryLayer` and `chunkId` are not part of version 1, whose readers ignore them; without
 * them a bank would not come back as it was.
 */
const recordSchema = z.object({
  id: z.string(),
  text: z.string().min(1),
  factType: z.string().optional(),
  tags: z.array(z.string()).optional(),
  metadata: metadataSchema.optional(),
  occurredAt: timestampSchema.optional(),
  source: z.string().optional(),
  bankId: z.string().optional(),
  createdAt: timestampSchema.optional(),
  memoryLayer: z.string().optional(),
  chunkId: z.string().optional(),
  embedding: z.array(z.number()).optional(),
});
export type AmaRecord = z.infer<typeof recordSchema>;

function withoutSource(metadata: Metadata): Metadata | undefined {
  const { [sourceKey]: _source, ...rest } = metadata;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** A line's value; what is empty is left out. */
export function writeRecord(item: VectorItem, { embedding }: { embedding: boolean }): unknown {
  const { id, text, factType, tags, metadata = {}, occurredAt, bankId, retainedAt } = item;
  const { memoryLayer, chunkId, vector } = item;
  const source = metadata[sourceKey];
  return toWire(recordSchema, {
    id,
    text,
    factType: factType === "" ? undefined : factType,
    tags: tags?.length === 0 ? undefined : tags,
    metadata: withoutSource(metadata),
    occurredAt,
    source: typeof source === "string" && source !== "" ? source : undefined,
    bankId,
    createdAt: retainedAt,
    memoryLayer,
    chunkId,
    embedding: embedding && vector.length > 0 ? vector : undefined,
  });
}

/** The value of a line that holds a memory, right or wrong; undefined for one that holds none. */
export function recordValue(line: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isRecord(value) && "id" in value && "text" in value ? value : undefined;
}

/** @throws InvalidArgumentError for a memory that is wrong; the message quotes no value. */
export function readRecord(value: unknown): AmaRecord {
  return fromWire(recordSchema, value);
}

/** When a memory was retained where it comes from, if the record says so. */
export function createdAtOf({ createdAt, metadata }: AmaRecord): Timestamp | undefined {
  const parsed = timestampSchema.safeParse(createdAt ?? metadata?.[createdAtKey]);
  return parsed.success ? parsed.data : undefined;
}
