import { documentSchema, InvalidArgumentError, parseShape, type DocumentStore } from "astrocyte";
import * as z from "zod";
import { storable, storableId } from "../internal/storable.js";
import { textHash } from "../internal/text-hash.js";
import { toCount } from "../internal/to-count.js";
import { bindings } from "./bindings.js";
import { filterClauses } from "./filter-clauses.js";
import type { Database } from "./open-database.js";
import { toDocumentHits, toDocuments } from "./rows.js";
import { encodedEntries, encodedTexts, indexableId } from "./values.js";
import { indexedWords, searchWords } from "./words.js";

const conflictRows = z.array(z.object({ changed: z.boolean() }));

/**
 * How often a lexeme is in a text. PostgreSQL's rank of one word of weight 1 is the sum of 1/i² up to that number, divided by
 * π²/6; this is the inverse, exact for the 255 positions that a `tsvector` keeps, and several times faster than unfolding it.
 */
const frequency = (words: string, lexeme: string): string =>
  `round(0.6079271 / (1 - ts_rank('{1,1,1,1}', ${words}, ${lexeme})) - 0.5)`;

interface Ranking {
  readonly schema: string;
  /** Places of the bank, the words between spaces, and the limit. */
  readonly bank: string;
  readonly words: string;
  readonly limit: string;
  /** The conditions on `m`. */
  readonly where: string;
}

/**
 * Okapi BM25 with k1 = 1.2 and b = 0.75. What is rare and what is long, the documents of the bank decide, whatever the filters
 * leave of them.
 */
const rankedSql = ({ schema, bank, words, limit, where }: Ranking): string => `
  WITH terms AS MATERIALIZED (
    SELECT quote_literal(lexeme)::tsquery AS term
    FROM unnest(tsvector_to_array(to_tsvector('${schema}.astrocyte_words', ${words}))) lexeme),
  wanted AS MATERIALIZED (SELECT string_agg(term::text, ' | ')::tsquery AS any_term FROM terms),
  bank AS MATERIALIZED (
    SELECT documents::float8 AS documents, words::float8 / greatest(documents, 1) AS usual_length
    FROM ${schema}.astrocyte_banks WHERE bank_id = ${bank}),
  matching AS MATERIALIZED (
    SELECT m.item_id, m.words, m.word_count FROM ${schema}.astrocyte_memories m
    WHERE m.bank_id = ${bank} AND m.words @@ (SELECT any_term FROM wanted)),
  occurrences AS MATERIALIZED (
    SELECT m.item_id, t.term::text AS term, m.word_count, ${frequency("m.words", "t.term")} AS frequency
    FROM matching m JOIN terms t ON m.words @@ t.term),
  rarities AS MATERIALIZED (
    SELECT o.term, ln(1 + (greatest(b.documents, count(*)) - count(*) + 0.5) / (count(*) + 0.5)) AS rarity
    FROM occurrences o CROSS JOIN bank b GROUP BY o.term, b.documents),
  scores AS MATERIALIZED (
    SELECT o.item_id, sum(r.rarity * o.frequency * 2.2
      / (o.frequency + 1.2 * (0.25 + 0.75 * o.word_count / greatest(b.usual_length, 1))) ORDER BY o.term) AS score
    FROM occurrences o JOIN rarities r ON r.term = o.term CROSS JOIN bank b GROUP BY o.item_id)
  SELECT m.id, m.text, m.metadata, s.score
  FROM scores s JOIN ${schema}.astrocyte_memories m ON m.item_id = s.item_id
  WHERE ${where} ORDER BY s.score DESC, m.id LIMIT ${limit}`;

type DocumentMethods = Pick<DocumentStore, "storeDocument" | "searchFulltext" | "getDocument">;

/** Documents and their full-text index. The document of a memory is the memory itself. */
export function documentMethods(database: Database): DocumentMethods {
  const { schema } = database;
  return {
    storeDocument: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const document = parseShape(documentSchema, given, "document");
      const id = indexableId(document.id, "document.id");
      const bank = indexableId(bankId, "bankId");
      const text = storable(document.text);
      const { words, count } = indexedWords(text);
      // A mirror may carry less than the memory does, so it never overwrites one.
      const [conflict] = await database.write(
        [bank],
        async (query) => {
          await query(
            `INSERT INTO ${schema}.astrocyte_memories
                (bank_id, id, is_memory, text_hash, tags, metadata, text, words, word_count)
              VALUES ($1, $2, false, $3, $4, $5, $6, to_tsvector('${schema}.astrocyte_words', $7), $8)
              ON CONFLICT (bank_id, id) DO UPDATE SET text_hash = excluded.text_hash, tags = excluded.tags,
                metadata = excluded.metadata, text = excluded.text, words = excluded.words,
                word_count = excluded.word_count
              WHERE NOT astrocyte_memories.is_memory`,
            [
              bank,
              id,
              textHash(document.text),
              document.tags === undefined ? null : encodedTexts(document.tags),
              document.metadata === undefined ? null : encodedEntries(document.metadata),
              text,
              words,
              count,
            ],
          );
          return await query(
            `SELECT text <> $1 AS changed FROM ${schema}.astrocyte_memories WHERE bank_id = $2 AND id = $3`,
            [text, bank, id],
          );
        },
        { signal, creates: true },
      );
      if (conflictRows.parse(conflict?.rows)[0]?.changed === true) {
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
      const bound = bindings();
      const where = filterClauses(bank, filters, bound, { documentsPass: true });
      const words = searchWords(storable(query));
      if (words.length === 0 || count === 0) return [];
      const sql = rankedSql({
        schema,
        where,
        bank: bound.bind(bank),
        words: bound.bind(words.join(" ")),
        limit: bound.bind(count),
      });
      const { rows } = await database.read(bank, (run) => run(sql, bound.values), { signal });
      return toDocumentHits(rows);
    },

    getDocument: async (id, { bankId, signal }) => {
      const bank = storableId(bankId, "bankId");
      const { rows } = await database.read(
        bank,
        (query) =>
          query(
            `SELECT id, text, metadata, tags FROM ${schema}.astrocyte_memories WHERE bank_id = $1 AND id = ANY($2::text[])`,
            [bank, storable(id) === id ? [id] : []],
          ),
        { signal },
      );
      return toDocuments(rows)[0];
    },
  };
}
