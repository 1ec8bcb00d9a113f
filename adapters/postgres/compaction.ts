import { StorageError, type CallOptions } from "astrocyte";
import * as z from "zod";
import type { Database } from "./open-database.js";

/**
 * The tables that texts are in. That of memories is the first, so that a deletion under way, which holds it, has ended before
 * the others are written anew.
 */
const tables = [
  "astrocyte_memories",
  "astrocyte_embeddings",
  "astrocyte_entities",
  "astrocyte_entity_links",
  "astrocyte_mentions",
  "astrocyte_memory_links",
  "astrocyte_mental_models",
];

const ownerRows = z.array(z.object({ table: z.string() }));

export interface CompactionMethods {
  /**
   * Writes the tables and their indexes anew, so that what was deleted or replaced before the call is in neither. Only the owner
   * of the schema may. Other calls wait for the table that is being written. The server's write-ahead log, replicas and backups
   * keep what they have for as long as they are kept.
   */
  compact(options?: CallOptions): Promise<void>;
  /** Whether something was deleted or replaced since the schema was last compacted, by any process. */
  needsCompaction(options?: CallOptions): Promise<boolean>;
}

export function compactionMethods(database: Database): CompactionMethods {
  const { schema, location } = database;
  const meta = `${schema}.astrocyte_meta`;
  return {
    compact: async ({ signal } = {}) => {
      const { rows } = await database.read(
        undefined,
        (query) =>
          query(
            `SELECT c.relname AS table FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = $1 AND c.relname = ANY($2::text[]) AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')`,
            [schema.slice(1, -1), tables],
          ),
        { signal },
      );
      // The server would only warn, and leave such a table as it is.
      if (ownerRows.parse(rows).length > 0) {
        throw new StorageError(
          `${location}: only the owner of its tables may compact them; open the store as that role`,
        );
      }
      // Erasures from here on mark it again, and a failure leaves the mark.
      await database.writeShared(
        (query) => query(`UPDATE ${meta} SET value = 'compacting' WHERE key = 'erasures'`),
        signal,
      );
      await database.maintain(
        tables.map((table) => `VACUUM (FULL, ANALYZE) ${schema}.${table}`),
        signal,
      );
      await database.writeShared(
        (query) => query(`DELETE FROM ${meta} WHERE key = 'erasures' AND value = 'compacting'`),
        signal,
      );
    },

    needsCompaction: async ({ signal } = {}) => {
      const { rowCount } = await database.read(
        undefined,
        (query) => query(`SELECT 1 FROM ${meta} WHERE key = 'erasures'`),
        { signal },
      );
      return rowCount > 0;
    },
  };
}
