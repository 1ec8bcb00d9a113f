import { documentSchema, InvalidArgumentError, parseShape, type DocumentStore } from "astrocyte";
import * as z from "zod";
import { filterClauses } from "./filter-clauses.js";
import { ftsQuery } from "./fts-query.js";
import type { Database } from "./open-database.js";
import { toDocumentHits, toDocuments } from "./rows.js";
import { storable, storableId } from "../internal/storable.js";
import { textHash } from "../internal/text-hash.js";
import { toCount } from "../internal/to-count.js";
import { jsonOrNull } from "./values.js";

const conflictRows = z.array(z.object({ changed: z.number() }));

type DocumentMethods = Pick<DocumentStore, "storeDocument" | "searchFulltext" | "getDocument">;

/** Documents and their full-text index. The document of a memory is the memory itself. */
export function documentMethods(database: Database): DocumentMethods {
  return {
    storeDocument: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const document = parseShape(documentSchema, given, "document");
      const id = storableId(document.id, "document.id");
      const bank = storableId(bankId, "bankId");
      const text = storable(document.text);
      // A mirror may carry less than the memory does, so it never overwrites one.
      const [, conflict] = await database.write(
        [
          {
            sql: `INSERT INTO astrocyte_memories (bank_id, id, is_memory, text_hash, tags, metadata, text)
              VALUES (?, ?, 0, ?, ?, ?, ?)
              ON CONFLICT (bank_id, id) DO UPDATE SET text_hash = excluded.text_hash, tags = excluded.tags,
                metadata = excluded.metadata, text = excluded.text
              WHERE is_memory = 0`,
            args: [
              bank,
              id,
              textHash(document.text),
              jsonOrNull(document.tags),
              jsonOrNull(document.metadata),
              text,
            ],
          },
          {
            sql: "SELECT text <> ? AS changed FROM astrocyte_memories WHERE bank_id = ? AND id = ?",
            args: [text, bank, id],
          },
        ],
        signal,
      );
      if (conflictRows.parse(conflict?.rows)[0]?.changed === 1) {
        throw new InvalidArgumentError(
          `document.text: "${id}" is a memory of this store with another text; store the memory again to change it`,
        );
      }
      return id;
    },

    searchFulltext: async (query, { bankId, limit = 10, filters, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const count = toCount(limit, "limit");
      const { sql, args } = filterClauses(bank, filters, { documentsPass: true });
      const match = ftsQuery(query);
      if (match === undefined || count === 0) return [];
      const [result] = await database.read(
        [
          {
            sql: `
              WITH best AS (
                SELECT m.item_id, m.id, -bm25(astrocyte_fulltext) AS score
                FROM astrocyte_fulltext JOIN astrocyte_memories m ON m.item_id = astrocyte_fulltext.rowid
                WHERE astrocyte_fulltext MATCH ? AND ${sql}
                ORDER BY score DESC, m.id LIMIT ?)
              SELECT m.id, m.text, m.metadata, best.score
              FROM best JOIN astrocyte_memories m ON m.item_id = best.item_id
              ORDER BY best.score DESC, m.id`,
            args: [match, ...args, count],
          },
        ],
        signal,
      );
      return toDocumentHits(result?.rows);
    },

    getDocument: async (id, { bankId, signal }) => {
      const [result] = await database.read(
        [
          {
            sql: "SELECT id, text, metadata, tags FROM astrocyte_memories WHERE bank_id = ? AND id = ?",
            args: [storableId(bankId, "bankId"), id],
          },
        ],
        signal,
      );
      return toDocuments(result?.rows)[0];
    },
  };
}
