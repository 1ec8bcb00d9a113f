import type { BankOptions } from "astrocyte";
import * as z from "zod";
import { storableId } from "../internal/storable.js";
import type { Database, Query } from "./open-database.js";
import type { OwnChanges } from "./revision.js";
import { countColumn } from "./rows.js";
import { storableIds } from "./values.js";

const countRows = z.array(z.object({ count: countColumn }));

export interface ForgetMethods {
  /** Deletes memories and documents with all that was derived from them. */
  delete(ids: readonly string[], options: BankOptions): Promise<number>;
  deleteDocuments(ids: readonly string[], options: BankOptions): Promise<number>;
  removeMemories(memoryIds: readonly string[], options: BankOptions): Promise<number>;
  /** Returns the number of memories and documents or, in a bank that has none, of entities. */
  clearBank(options: BankOptions): Promise<number>;
}

/**
 * Deletion. One transaction each.
 *
 * Triggers remove the cached embedding of a text that no memory has any more, and the entities that no memory mentions any more.
 * Entities that no memory ever mentioned stay.
 */
export function forgetMethods(database: Database, own: OwnChanges): ForgetMethods {
  const { schema } = database;

  /** Takes memories out of the graph; returns how many associations there were. */
  const unlink = async (query: Query, bankId: string, ids: readonly string[]): Promise<number> => {
    const { rowCount } = await query(
      `DELETE FROM ${schema}.astrocyte_mentions WHERE bank_id = $1 AND memory_id = ANY($2::text[])`,
      [bankId, ids],
    );
    for (const end of ["source_id", "target_id"]) {
      await query(
        `DELETE FROM ${schema}.astrocyte_memory_links WHERE bank_id = $1 AND ${end} = ANY($2::text[])`,
        [bankId, ids],
      );
    }
    return rowCount;
  };

  const remove = async (
    given: readonly string[],
    { bankId, signal }: BankOptions,
  ): Promise<number> => {
    signal?.throwIfAborted();
    const ids = storableIds(given);
    const [deleted = 0] = await database.write(
      [storableId(bankId, "bankId")],
      async (query, bank) => {
        const { rowCount } = await query(
          `DELETE FROM ${schema}.astrocyte_memories WHERE bank_id = $1 AND id = ANY($2::text[])`,
          [bank, ids],
        );
        await unlink(query, bank, ids);
        return rowCount;
      },
      { signal },
    );
    own.count += 1;
    return deleted;
  };

  return {
    delete: remove,
    deleteDocuments: remove,

    removeMemories: async (memoryIds, { bankId, signal }) => {
      const ids = storableIds(memoryIds);
      const [unlinked = 0] = await database.write(
        [storableId(bankId, "bankId")],
        (query, bank) => unlink(query, bank, ids),
        { signal },
      );
      return unlinked;
    },

    clearBank: async ({ bankId, signal }) => {
      const [cleared = 0] = await database.write(
        [storableId(bankId, "bankId")],
        async (query, bank) => {
          const entities = await query(
            `SELECT count(*) AS count FROM ${schema}.astrocyte_entities WHERE bank_id = $1`,
            [bank],
          );
          const clear = async (table: string): Promise<number> =>
            (await query(`DELETE FROM ${schema}.${table} WHERE bank_id = $1`, [bank])).rowCount;
          const memories = await clear("astrocyte_memories");
          await clear("astrocyte_memory_links");
          await clear("astrocyte_entity_links");
          await clear("astrocyte_mentions");
          await clear("astrocyte_entities");
          return memories || (countRows.parse(entities.rows)[0]?.count ?? 0);
        },
        { signal },
      );
      own.count += 1;
      return cleared;
    },
  };
}
