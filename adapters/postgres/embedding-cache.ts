import { InvalidArgumentError, type EmbeddingCache } from "astrocyte";
import * as z from "zod";
import { storable } from "../internal/storable.js";
import type { Database } from "./open-database.js";
import { floatsColumn } from "./rows.js";
import { storableIds, toFloats } from "./values.js";

/** Most vectors kept; the oldest go first. At 384 dimensions that is about 300 MB. */
const maxEntries = 200_000;

const cacheRows = z.array(z.object({ hash: z.string(), embedding: floatsColumn }));

/** Vectors by model and text hash, as 32-bit floats. They belong to no bank: who knows the hash knows the text. */
export function embeddingCacheMethods(database: Database): EmbeddingCache {
  const embeddings = `${database.schema}.astrocyte_embeddings`;
  return {
    getEmbeddings: async (model, hashes, { signal } = {}) => {
      const { rows } = await database.read(
        undefined,
        (query) =>
          query(
            `SELECT hash, embedding FROM ${embeddings} WHERE model = $1 AND hash = ANY($2::text[])`,
            [storable(model), storableIds(hashes)],
          ),
        { signal },
      );
      return Object.fromEntries(
        cacheRows.parse(rows).map((row) => [row.hash, row.embedding ?? []]),
      );
    },

    putEmbeddings: async (model, vectors, { signal } = {}) => {
      signal?.throwIfAborted();
      const puts = new Map<string, number[]>();
      for (const [hash, vector] of Object.entries(vectors)) {
        const floats = toFloats(vector, `vectors.${hash}`);
        if (floats === null) throw new InvalidArgumentError(`vectors.${hash}: the vector is empty`);
        puts.set(storable(hash), floats);
      }
      if (puts.size === 0) return;
      const rows = [...puts].map(([hash, embedding]) => ({ hash, embedding }));
      await database.writeShared(async (query) => {
        // A new sequence number, so it counts as new. In one order, so that two writers do not wait for each other.
        await query(
          `INSERT INTO ${embeddings} (model, hash, embedding)
            SELECT $1, r.hash, r.embedding FROM json_to_recordset($2::json) AS r(hash text, embedding real[]) ORDER BY r.hash
            ON CONFLICT (hash, model) DO UPDATE SET sequence = DEFAULT, embedding = excluded.embedding`,
          [storable(model), JSON.stringify(rows)],
        );
        await query(
          `DELETE FROM ${embeddings} WHERE sequence <= (SELECT max(sequence) FROM ${embeddings}) - $1`,
          [maxEntries],
        );
      }, signal);
    },
  };
}
