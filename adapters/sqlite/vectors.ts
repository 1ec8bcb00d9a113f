import type { InValue } from "@libsql/client";
import {
  parseShape,
  vectorItemSchema,
  type VectorItem,
  type VectorStore,
  type VectorStoreCapabilities,
} from "astrocyte";
import * as z from "zod";
import type { Dimension } from "./dimension.js";
import { filterClauses } from "./filter-clauses.js";
import type { Database, Statement } from "./open-database.js";
import type { ResidentVectors } from "./resident-vectors.js";
import type { OwnChanges } from "./revision.js";
import { hitColumns, itemColumns, toVectorHits, toVectorItems } from "./rows.js";
import { storable, storableId, storableOrNull } from "../internal/storable.js";
import { textHash } from "../internal/text-hash.js";
import { toCount } from "../internal/to-count.js";
import { jsonOrNull, toBlob } from "./values.js";

export const vectorCapabilities: VectorStoreCapabilities = {
  supportsDelete: true,
  supportsListing: true,
  honouredFilters: ["tags", "factTypes", "timeRange", "metadataFilters", "asOf", "sessionId"],
  scoreMeaning: "similarity",
  acceptsEmptyVectors: true,
  indexesText: true,
};

/** A statement is compiled with all triggers each time it runs, so that it takes several rows. */
const rowsAtOnce = 64;

const upsertSql = (rows: number): string => `INSERT INTO astrocyte_memories
  (bank_id, id, is_memory, fact_type, occurred_at, retained_at, memory_layer, chunk_id, text_hash, tags, metadata,
    embedding, text)
  VALUES ${Array.from({ length: rows }, () => "(?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}
  ON CONFLICT (bank_id, id) DO UPDATE SET
    is_memory = 1, fact_type = excluded.fact_type, occurred_at = excluded.occurred_at,
    retained_at = excluded.retained_at, memory_layer = excluded.memory_layer, chunk_id = excluded.chunk_id,
    text_hash = excluded.text_hash, tags = excluded.tags, metadata = excluded.metadata,
    embedding = excluded.embedding, text = excluded.text`;

function valuesOf(item: VectorItem, index: number): InValue[] {
  return [
    storableId(item.bankId, `items[${index}].bankId`),
    storableId(item.id, `items[${index}].id`),
    storableOrNull(item.factType),
    item.occurredAt ?? null,
    item.retainedAt ?? null,
    storableOrNull(item.memoryLayer),
    storableOrNull(item.chunkId),
    textHash(item.text),
    jsonOrNull(item.tags),
    jsonOrNull(item.metadata),
    toBlob(item.vector, `items[${index}].vector`),
    storable(item.text),
  ];
}

function upserts(items: readonly VectorItem[]): Statement[] {
  const values = items.map(valuesOf);
  const statements: Statement[] = [];
  for (let start = 0; start < values.length; start += rowsAtOnce) {
    const rows = values.slice(start, start + rowsAtOnce);
    statements.push({ sql: upsertSql(rows.length), args: rows.flat() });
  }
  return statements;
}

const itemsSchema = z.array(vectorItemSchema);

// The distance from or to a zero vector is NULL. Equal scores must be equal before they are ordered, hence clamped first.
// Texts are joined after the limit, so that the sort does not carry them.
const searchSql = (where: string): string => `
  WITH best AS (
    SELECT m.item_id, m.id,
      coalesce(max(0.0, min(1.0, 1.0 - vector_distance_cos(m.embedding, ?))), 0.0) AS score
    FROM astrocyte_memories m
    WHERE ${where} AND m.embedding IS NOT NULL
    ORDER BY score DESC, m.id LIMIT ?)
  SELECT ${hitColumns}, best.score FROM best JOIN astrocyte_memories m ON m.item_id = best.item_id
  ORDER BY best.score DESC, m.id`;

type VectorMethods = Required<
  Pick<
    VectorStore,
    | "storeVectors"
    | "searchSimilar"
    | "listVectors"
    | "getByIds"
    | "listRecentVectors"
    | "getByChunkIds"
  >
>;

/**
 * Memories with their vectors. Search is exact: it compares the query with every memory that passes the filters, in memory where
 * the bank is searched again and again, else in SQL.
 */
export function vectorMethods(
  database: Database,
  dimension: Dimension,
  own: OwnChanges,
  resident: ResidentVectors,
): VectorMethods {
  const select = async (
    sql: string,
    args: InValue[],
    signal: AbortSignal | undefined,
  ): Promise<unknown> => {
    const [result] = await database.read([{ sql, args }], signal);
    return result?.rows;
  };

  return {
    storeVectors: async (given, { signal } = {}) => {
      signal?.throwIfAborted();
      const items = parseShape(itemsSchema, given, "items");
      const statements = upserts(items);
      const lengths = new Set(
        items.map(({ vector }) => vector.length).filter((length) => length > 0),
      );
      await dimension.write(lengths, statements, signal, () => resident.stored(items));
      own.count += 1;
      return items.map(({ id }) => id);
    },

    searchSimilar: async (queryVector, { bankId, limit = 10, filters, signal }) => {
      signal?.throwIfAborted();
      const query = toBlob(queryVector, "queryVector");
      const count = toCount(limit, "limit");
      const clauses = filterClauses(storableId(bankId, "bankId"), filters);
      if (!(await dimension.check(queryVector.length, signal)) || count === 0) return [];
      const search = { bankId, queryVector, limit: count, clauses, signal };
      const found = await resident.search(search);
      if (found !== undefined) return found;
      return toVectorHits(
        await select(searchSql(clauses.sql), [query, ...clauses.args, count], signal),
      );
    },

    listVectors: async ({ bankId, offset = 0, limit = 100, signal }) =>
      toVectorItems(
        await select(
          `SELECT ${itemColumns} FROM astrocyte_memories m WHERE m.bank_id = ? AND m.is_memory = 1
           ORDER BY m.id LIMIT ? OFFSET ?`,
          [storableId(bankId, "bankId"), toCount(limit, "limit"), toCount(offset, "offset")],
          signal,
        ),
      ),

    getByIds: async (ids, { bankId, signal }) =>
      toVectorItems(
        await select(
          `SELECT ${itemColumns} FROM astrocyte_memories m
           WHERE m.bank_id = ? AND m.is_memory = 1 AND m.id IN (SELECT value FROM json_each(?)) ORDER BY m.id`,
          [storableId(bankId, "bankId"), JSON.stringify(ids)],
          signal,
        ),
      ),

    listRecentVectors: async ({ bankId, limit = 100, filters, signal }) => {
      const { sql, args } = filterClauses(storableId(bankId, "bankId"), filters);
      return toVectorItems(
        await select(
          `SELECT ${itemColumns} FROM astrocyte_memories m WHERE ${sql}
           ORDER BY coalesce(m.occurred_at, m.retained_at) DESC, m.id LIMIT ?`,
          [...args, toCount(limit, "limit")],
          signal,
        ),
      );
    },

    getByChunkIds: async (chunkIds, { bankId, signal }) =>
      toVectorHits(
        await select(
          `SELECT ${hitColumns}, 1.0 AS score FROM astrocyte_memories m
           WHERE m.bank_id = ? AND m.is_memory = 1 AND m.chunk_id IN (SELECT value FROM json_each(?)) ORDER BY m.id`,
          [storableId(bankId, "bankId"), JSON.stringify(chunkIds.map(storable))],
          signal,
        ),
      ),
  };
}
