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

const encodedEntry = z.tuple([z.string(), z.unknown()]);

export const metadataColumn: z.ZodType<Metadata | undefined> = z
  .array(z.string())
  .nullable()
  .transform((entries): Metadata | undefined =>
    entries === null
      ? undefined
      : metadataSchema.parse(
          Object.fromEntries(entries.map((entry) => encodedEntry.parse(JSON.parse(entry)))),
        ),
  );
export const textsColumn: z.ZodType<string[] | undefined> = z
  .array(z.string())
  .nullable()
  .transform((texts) => texts?.map((text) => z.string().parse(JSON.parse(text))));
export const floatsColumn: z.ZodType<number[] | undefined> = z
  .array(z.number())
  .nullable()
  .transform((floats) => floats?.map(Math.fround));
export const textColumn = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);
/** An `int8`, which the driver gives as text. */
export const countColumn = z.coerce.number().int();

const documentFields = { id: z.string(), text: z.string(), metadata: metadataColumn };
const memoryFields = {
  ...documentFields,
  tags: textsColumn,
  fact_type: textColumn,
  occurred_at: textColumn,
  retained_at: textColumn,
  memory_layer: textColumn,
  chunk_id: textColumn,
};

/** Columns of `m` that make a hit. */
export const hitColumns =
  "m.id, m.text, m.metadata, m.tags, m.fact_type, m.occurred_at, m.retained_at, m.memory_layer, m.chunk_id";

// pgvector writes each element as the shortest text that is the same 32-bit float.
const vectorColumn = z
  .string()
  .nullable()
  .transform((text) =>
    text === null ? [] : z.array(z.number()).parse(JSON.parse(text)).map(Math.fround),
  );

const hitRows = z.array(z.object({ ...memoryFields, score: z.number() }));
const itemRows = z.array(
  z.object({ ...memoryFields, bank_id: z.string(), embedding: vectorColumn }),
);
const documentRows = z.array(z.object({ ...documentFields, tags: textsColumn }));
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
    vector: row.embedding,
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
