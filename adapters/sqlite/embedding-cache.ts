import { InvalidArgumentError, type EmbeddingCache } from "astrocyte";
import * as z from "zod";
import type { Database, Statement } from "./open-database.js";
import { storable } from "../internal/storable.js";
import { fromBlob, toBlob } from "./values.js";

/** Most vectors kept; the oldest go first. At 384 dimensions that is about 300 MB. */
const maxEntries = 200_000;

const cacheRows = z.array(z.object({ hash: z.string(), embedding: z.instanceof(ArrayBuffer) }));

/** Vectors by model and text hash, as 32-bit floats. */
export function embeddingCacheMethods(database: Database): EmbeddingCache {
  return {
    getEmbeddings: async (model, hashes, { signal } = {}) => {
      const [result] = await database.read(
        [
          {
            sql: `SELECT hash, embedding FROM astrocyte_embeddings
              WHERE model = ? AND hash IN (SELECT value FROM json_each(?))`,
            args: [storable(model), JSON.stringify(hashes)],
          },
        ],
        signal,
      );
      return Object.fromEntries(
        cacheRows.parse(result?.rows).map((row) => [row.hash, fromBlob(row.embedding)]),
      );
    },

    putEmbeddings: async (model, vectors, { signal } = {}) => {
      signal?.throwIfAborted();
      const puts = Object.entries(vectors).map(([hash, vector]): Statement => {
        const blob = toBlob(vector, `vectors.${hash}`);
        if (blob === null) throw new InvalidArgumentError(`vectors.${hash}: the vector is empty`);
        // REPLACE gives the row a new sequence number, so it counts as new.
        return {
          sql: "INSERT OR REPLACE INTO astrocyte_embeddings (model, hash, embedding) VALUES (?, ?, ?)",
          args: [storable(model), storable(hash), blob],
        };
      });
      if (puts.length === 0) return;
      const trim: Statement = {
        sql: `DELETE FROM astrocyte_embeddings
          WHERE sequence <= (SELECT max(sequence) FROM astrocyte_embeddings) - ?`,
        args: [maxEntries],
      };
      await database.write([...puts, trim], signal);
    },
  };
}
