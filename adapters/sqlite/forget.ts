import type { BankOptions } from "astrocyte";
import * as z from "zod";
import type { Database, Statement } from "./open-database.js";
import type { ResidentVectors } from "./resident-vectors.js";
import type { OwnChanges } from "./revision.js";
import { storableId } from "../internal/storable.js";

/** Statements that take memories out of the graph; the first changes as many rows as there were associations. */
function unlink(bankId: string, ids: string): Statement[] {
  return [
    {
      sql: `DELETE FROM astrocyte_mentions WHERE bank_id = ? AND memory_id IN (SELECT value FROM json_each(?))`,
      args: [bankId, ids],
    },
    {
      sql: `DELETE FROM astrocyte_memory_links
        WHERE bank_id = ? AND source_id IN (SELECT value FROM json_each(?))`,
      args: [bankId, ids],
    },
    {
      sql: `DELETE FROM astrocyte_memory_links
        WHERE bank_id = ? AND target_id IN (SELECT value FROM json_each(?))`,
      args: [bankId, ids],
    },
  ];
}

const countRows = z.array(z.object({ count: z.number() }));

export interface ForgetMethods {
  /** Deletes memories and documents with all that was derived from them. */
  delete(ids: readonly string[], options: BankOptions): Promise<number>;
  deleteDocuments(ids: readonly string[], options: BankOptions): Promise<number>;
  removeMemories(memoryIds: readonly string[], options: BankOptions): Promise<number>;
  /** Returns the number of memories and documents or, in a bank that has none, of entities. */
  clearBank(options: BankOptions): Promise<number>;
}

/**
 * Deletion. One transaction each; afterwards the pages of a local file and its log are overwritten.
 *
 * Triggers remove the full-text entries, the cached embedding of a text that no memory has any more, and the entities
 * that no memory mentions any more. Entities that no memory ever mentioned stay.
 */
export function forgetMethods(
  database: Database,
  own: OwnChanges,
  resident: ResidentVectors,
): ForgetMethods {
  const remove = async (
    ids: readonly string[],
    { bankId, signal }: BankOptions,
  ): Promise<number> => {
    signal?.throwIfAborted();
    const bank = storableId(bankId, "bankId");
    const list = JSON.stringify(ids);
    const [deleted] = await database.write(
      [
        {
          sql: `DELETE FROM astrocyte_memories WHERE bank_id = ? AND id IN (SELECT value FROM json_each(?))`,
          args: [bank, list],
        },
        ...unlink(bank, list),
      ],
      signal,
      () => resident.deleted(bank, ids),
    );
    own.count += 1;
    await database.flushErased();
    return deleted?.rowsAffected ?? 0;
  };

  return {
    delete: remove,
    deleteDocuments: remove,

    removeMemories: async (memoryIds, { bankId, signal }) => {
      const [unlinked] = await database.write(
        unlink(storableId(bankId, "bankId"), JSON.stringify(memoryIds)),
        signal,
      );
      await database.flushErased();
      return unlinked?.rowsAffected ?? 0;
    },

    clearBank: async ({ bankId, signal }) => {
      const args = [storableId(bankId, "bankId")];
      const [entities, memories] = await database.write(
        [
          { sql: "SELECT count(*) AS count FROM astrocyte_entities WHERE bank_id = ?", args },
          { sql: "DELETE FROM astrocyte_memories WHERE bank_id = ?", args },
          { sql: "DELETE FROM astrocyte_memory_links WHERE bank_id = ?", args },
          { sql: "DELETE FROM astrocyte_entity_links WHERE bank_id = ?", args },
          { sql: "DELETE FROM astrocyte_mentions WHERE bank_id = ?", args },
          { sql: "DELETE FROM astrocyte_entities WHERE bank_id = ?", args },
        ],
        signal,
        () => resident.deleted(bankId),
      );
      own.count += 1;
      await database.flushErased();
      return memories?.rowsAffected || (countRows.parse(entities?.rows)[0]?.count ?? 0);
    },
  };
}
