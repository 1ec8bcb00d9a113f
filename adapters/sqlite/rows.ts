import {
  metadataSchema,
  type Document,
  type DocumentHit,
  type Metadata,
  type VectorHit,
  type VectorItem,
} from "astrocyte";
import * as z from "zod";
import { present } from "../internal/present.js";
import { fromBlob } from "./values.js";

/** A JSON column that may be NULL. */
function jsonColumn<Schema extends z.ZodType>(
  schema: Schema,
): z.ZodType<z.output<Schema> | undefined> {
  return z
    .string()
    .nullable()
    .transform((text): z.output<Schema> | undefined =>
      text === null ? undefined : schema.parse(JSON.parse(text)),
    );
}

export const metadataColumn: z.ZodType<Metadata | undefined> = jsonColumn(metadataSchema);
export const stringsColumn = jsonColumn(z.array(z.string()));
export const blobColumn = z.instanceof(ArrayBuffer).nullable();
export const textColumn = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);

const documentFields = { id: z.string(), text: z.string(), metadata: metadataColumn };
const memoryFields = {
  ...documentFields,
  tags: stringsColumn,
  fact_type: textColumn,
  occurred_at: textColumn,
  retained_at: textColumn,
  memory_layer: textColumn,
  chunk_id: textColumn,
};

/** Columns of `m` that make a hit. */
export const hitColumns =
  "m.id, m.text, m.metadata, m.tags, m.fact_type, m.occurred_at, m.retained_at, m.memory_layer, m.chunk_id";
/** Columns of `m` that make an item. */
export const itemColumns = `${hitColumns}, m.bank_id, m.embedding`;

const hitRows = z.array(z.object({ ...memoryFields, score: z.number() }));
const itemRows = z.array(z.object({ ...memoryFields, bank_id: z.string(), embedding: blobColumn }));
const documentRows = z.array(z.object({ ...documentFields, tags: stringsColumn }));
const documentHitRows = z.array(z.object({ ...documentFields, score: z.number() }));

function memoryParts(row: z.output<typeof hitRows>[number] | z.output<typeof itemRows>[number]) {
  return {
    id: row.id,
    text: row.text,
    ...present("metadata", row.metadata),
    ...present("tags", row.tags),
    ...present("factType", row.fact_type),
    ...present("occurredAt", row.occurred_at),
    ...present("retainedAt", row.retained_at),
    ...present("memoryLayer", row.memory_layer),
    ...present("chunkId", row.chunk_id),
  };
}

export function toVectorHits(rows: unknown): VectorHit[] {
  return hitRows.parse(rows).map((row) => ({ ...memoryParts(row), score: row.score }));
}

export function toVectorItems(rows: unknown): VectorItem[] {
  return itemRows.parse(rows).map((row) => ({
    ...memoryParts(row),
    bankId: row.bank_id,
    vector: fromBlob(row.embedding),
  }));
}

export function toDocuments(rows: unknown): Document[] {
  return documentRows.parse(rows).map((row) => ({
    id: row.id,
    text: row.text,
    ...present("metadata", row.metadata),
    ...present("tags", row.tags),
  }));
}

export function toDocumentHits(rows: unknown): DocumentHit[] {
  return documentHitRows.parse(rows).map((row) => ({
    documentId: row.id,
    text: row.text,
    score: row.score,
    ...present("metadata", row.metadata),
  }));
}
