import {
  CapabilityNotSupportedError,
  parseShape,
  vectorItemSchema,
  type VectorItem,
  type VectorStore,
  type VectorStoreCapabilities,
} from "astrocyte";
import * as z from "zod";
import { storable, storableId, storableOrNull } from "../internal/storable.js";
import { textHash } from "../internal/text-hash.js";
import { toCount } from "../internal/to-count.js";
import { bindings, type Bindings } from "./bindings.js";
import type { Dimension } from "./dimension.js";
import { filterClauses } from "./filter-clauses.js";
import { listVectorsMethod } from "./list-vectors.js";
import { withoutVectors, type Layout } from "./migrate.js";
import type { Database, Query } from "./open-database.js";
import type { OwnChanges } from "./revision.js";
import { hitColumns, toVectorHits, toVectorItems } from "./rows.js";
import { encodedEntries, encodedTexts, indexableId, storableIds, toVectorText } from "./values.js";
import { indexedWords } from "./words.js";

export const vectorCapabilities: VectorStoreCapabilities = {
  supportsDelete: true,
  supportsListing: true,
  honouredFilters: ["tags", "factTypes", "timeRange", "metadataFilters", "asOf", "sessionId"],
  scoreMeaning: "similarity",
  acceptsEmptyVectors: true,
  indexesText: true,
};

/** How many rows one statement stores, so that no parameter grows beyond some megabytes. */
const rowsPerStatement = 500;

/** A row as `json_to_recordset` reads it. */
function toRow(item: VectorItem, index: number) {
  const text = storable(item.text);
  const { words, count } = indexedWords(text);
  return {
    id: indexableId(item.id, `items[${index}].id`),
    fact_type: storableOrNull(item.factType),
    occurred_at: item.occurredAt ?? null,
    retained_at: item.retainedAt ?? null,
    memory_layer: storableOrNull(item.memoryLayer),
    chunk_id: storableOrNull(item.chunkId),
    text_hash: textHash(item.text),
    tags: item.tags === undefined ? null : encodedTexts(item.tags),
    metadata: item.metadata === undefined ? null : encodedEntries(item.metadata),
    embedding: toVectorText(item.vector, `items[${index}].vector`),
    text,
    words,
    word_count: count,
  };
}

type Row = ReturnType<typeof toRow>;

function upsertSql(schema: string, { vectors }: Layout): string {
  const embedding = vectors === undefined ? "" : ", embedding";
  const value = vectors === undefined ? "" : `, r.embedding::${vectors.prefix}.vector`;
  const replaced = vectors === undefined ? "" : ", embedding = excluded.embedding";
  return `INSERT INTO ${schema}.astrocyte_memories
      (bank_id, id, is_memory, fact_type, occurred_at, retained_at, memory_layer, chunk_id, text_hash, tags, metadata, text,
        words, word_count${embedding})
    SELECT $1, r.id, true, r.fact_type, r.occurred_at, r.retained_at, r.memory_layer, r.chunk_id, r.text_hash, r.tags,
      r.metadata, r.text, to_tsvector('${schema}.astrocyte_words', r.words), r.word_count${value}
    FROM json_to_recordset($2::json) AS r(id text, fact_type text, occurred_at text, retained_at text, memory_layer text,
      chunk_id text, text_hash text, tags text[], metadata text[], embedding text, text text, words text, word_count integer)
    ON CONFLICT (bank_id, id) DO UPDATE SET
      is_memory = true, fact_type = excluded.fact_type, occurred_at = excluded.occurred_at,
      retained_at = excluded.retained_at, memory_layer = excluded.memory_layer, chunk_id = excluded.chunk_id,
      text_hash = excluded.text_hash, tags = excluded.tags, metadata = excluded.metadata, text = excluded.text,
      words = excluded.words, word_count = excluded.word_count${replaced}`;
}

const itemsSchema = z.array(vectorItemSchema);

interface Search {
  readonly schema: string;
  readonly prefix: string;
  /** The conditions on `m`. */
  readonly where: string;
  /** Places of the query vector and the limit. */
  readonly vector: string;
  readonly limit: string;
}

// The distance from or to a zero vector is NaN. Equal scores must be equal before they are ordered, hence clamped first.
const scoreOf = (distance: string): string =>
  `CASE WHEN ${distance} = 'NaN' THEN 0 ELSE greatest(0, least(1, 1 - ${distance})) END`;

// Texts are joined after the limit, so that the sort does not carry them.
const exactSql = ({ schema, prefix, where, vector, limit }: Search): string => `
  WITH best AS MATERIALIZED (
    SELECT m.item_id, m.id, ${scoreOf("d.distance")} AS score
    FROM ${schema}.astrocyte_memories m
      CROSS JOIN LATERAL (SELECT m.embedding OPERATOR(${prefix}.<=>) ${vector}::${prefix}.vector AS distance) d
    WHERE ${where} AND m.embedding IS NOT NULL
    ORDER BY score DESC, m.id LIMIT ${limit})
  SELECT ${hitColumns}, best.score FROM best JOIN ${schema}.astrocyte_memories m ON m.item_id = best.item_id
  ORDER BY best.score DESC, m.id`;

const indexedSql = ({ schema, prefix, where, vector, limit }: Search, length: number): string => {
  const distance = `m.embedding::${prefix}.vector(${length}) OPERATOR(${prefix}.<=>) ${vector}::${prefix}.vector(${length})`;
  return `
  WITH nearest AS MATERIALIZED (
    SELECT m.item_id, ${distance} AS distance
    FROM ${schema}.astrocyte_memories m
    WHERE ${where} AND m.embedding IS NOT NULL
    ORDER BY ${distance} LIMIT ${limit})
  SELECT ${hitColumns}, ${scoreOf("n.distance")} AS score
  FROM nearest n JOIN ${schema}.astrocyte_memories m ON m.item_id = n.item_id
  ORDER BY score DESC, m.id`;
};

/** How many neighbours the index considers at once, within pgvector's bounds. */
function breadth(count: number): number {
  return Math.min(Math.max(count, 40), 1000);
}

async function searchIndex(
  query: Query,
  search: Search,
  { values }: Bindings,
  length: number,
  count: number,
): Promise<readonly unknown[]> {
  // The index knows nothing of banks: without this it would stop before it has met enough memories of this one.
  await query("SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true)");
  await query("SELECT set_config('hnsw.ef_search', $1, true)", [String(breadth(count))]);
  const { rows } = await query(indexedSql(search, length), values);
  if (rows.length >= count) return rows;
  // Either the bank has no more, or the scan met its bound, or there are vectors that the index leaves out, zero ones.
  return (await query(exactSql(search), values)).rows;
}

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

interface VectorParts {
  readonly layout: Layout;
  readonly dimension: Dimension;
  readonly own: OwnChanges;
  readonly search: "exact" | "hnsw";
}

/** Memories with their vectors. */
export function vectorMethods(
  database: Database,
  { layout, dimension, own, search }: VectorParts,
): VectorMethods {
  const { schema, location } = database;
  const memories = `${schema}.astrocyte_memories m`;
  const itemColumns = `${hitColumns}, m.bank_id, ${layout.vectors === undefined ? "NULL" : "m.embedding::text"} AS embedding`;
  const upsert = upsertSql(schema, layout);

  const select = async (
    bankId: string,
    sql: string,
    values: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<readonly unknown[]> =>
    (await database.read(bankId, (query) => query(sql, values), { signal })).rows;

  const needVectors = (): { readonly prefix: string } => {
    if (layout.vectors !== undefined) return layout.vectors;
    throw new CapabilityNotSupportedError("postgres", "vectors", withoutVectors(location));
  };

  return {
    storeVectors: async (given, { signal } = {}) => {
      signal?.throwIfAborted();
      const items = parseShape(itemsSchema, given, "items");
      // A later item replaces an earlier one with its id, which one statement could not do.
      const banks = new Map<string, Map<string, Row>>();
      for (const [index, item] of items.entries()) {
        const bank = indexableId(item.bankId, `items[${index}].bankId`);
        const rows = banks.get(bank) ?? new Map<string, Row>();
        rows.set(item.id, toRow(item, index));
        banks.set(bank, rows);
      }
      const lengths = new Set(
        items.map(({ vector }) => vector.length).filter((length) => length > 0),
      );
      if (lengths.size > 0) needVectors();
      await dimension.write(
        lengths,
        (record) =>
          database.write(
            [...banks.keys()],
            async (query, bankId) => {
              await record(query);
              const rows = [...(banks.get(bankId)?.values() ?? [])];
              for (let start = 0; start < rows.length; start += rowsPerStatement) {
                const part = rows.slice(start, start + rowsPerStatement);
                await query(upsert, [bankId, JSON.stringify(part)]);
              }
            },
            { signal, creates: true },
          ),
        signal,
      );
      own.count += 1;
      return items.map(({ id }) => id);
    },

    searchSimilar: async (queryVector, { bankId, limit = 10, filters, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const bound = bindings();
      const wanted = toVectorText(queryVector, "queryVector");
      const count = toCount(limit, "limit");
      const where = filterClauses(bank, filters, bound);
      const { prefix } = needVectors();
      if (!(await dimension.check(queryVector.length, signal)) || count === 0) return [];
      const statement: Search = {
        schema,
        prefix,
        where,
        vector: bound.bind(wanted),
        limit: bound.bind(count),
      };
      if (search === "exact") {
        return toVectorHits(await select(bank, exactSql(statement), bound.values, signal));
      }
      return toVectorHits(
        await database.read(
          bank,
          (query) => searchIndex(query, statement, bound, queryVector.length, count),
          { signal, inTransaction: true },
        ),
      );
    },

    listVectors: listVectorsMethod(database, itemColumns),

    getByIds: async (ids, { bankId, signal }) => {
      const bank = storableId(bankId, "bankId");
      return toVectorItems(
        await select(
          bank,
          `SELECT ${itemColumns} FROM ${memories}
            WHERE m.bank_id = $1 AND m.is_memory AND m.id = ANY($2::text[]) ORDER BY m.id`,
          [bank, storableIds(ids)],
          signal,
        ),
      );
    },

    listRecentVectors: async ({ bankId, limit = 100, filters, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const bound = bindings();
      const where = filterClauses(bank, filters, bound);
      return toVectorItems(
        await select(
          bank,
          `SELECT ${itemColumns} FROM ${memories} WHERE ${where}
            ORDER BY coalesce(m.occurred_at, m.retained_at) DESC NULLS LAST, m.id
            LIMIT ${bound.bind(toCount(limit, "limit"))}`,
          bound.values,
          signal,
        ),
      );
    },

    getByChunkIds: async (chunkIds, { bankId, signal }) => {
      const bank = storableId(bankId, "bankId");
      return toVectorHits(
        await select(
          bank,
          `SELECT ${hitColumns}, 1::float8 AS score FROM ${memories}
            WHERE m.bank_id = $1 AND m.is_memory AND m.chunk_id = ANY($2::text[]) ORDER BY m.id`,
          [bank, chunkIds.map(storable)],
          signal,
        ),
      );
    },
  };
}
