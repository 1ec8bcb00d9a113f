import { legalHoldSchema, parseShape, type LegalHoldStore } from "astrocyte";
import * as z from "zod";
import { storable, storableId } from "../internal/storable.js";
import type { Database } from "./open-database.js";
import { indexableId } from "./values.js";

const holdRows = z.array(
  z.object({
    bank_id: z.string(),
    hold_id: z.string(),
    reason: z.string(),
    set_by: z.string(),
    set_at: z.string(),
  }),
);

/** Legal holds by bank, in the order in which they were first set. No other method touches their table. */
export function legalHoldMethods(database: Database): LegalHoldStore {
  const holds = `${database.schema}.astrocyte_legal_holds`;
  return {
    setHold: async (given, { signal } = {}) => {
      signal?.throwIfAborted();
      const { bankId, holdId, reason, setBy, setAt } = parseShape(
        legalHoldSchema,
        given,
        "legal hold",
      );
      const id = indexableId(holdId, "holdId");
      await database.write(
        [indexableId(bankId, "bankId")],
        (query, bank) =>
          query(
            `INSERT INTO ${holds} (bank_id, hold_id, reason, set_by, set_at) VALUES ($1, $2, $3, $4, $5)
              ON CONFLICT (bank_id, hold_id) DO UPDATE SET
                reason = excluded.reason, set_by = excluded.set_by, set_at = excluded.set_at`,
            [bank, id, storable(reason), storable(setBy), setAt],
          ),
        { signal, creates: true },
      );
    },

    releaseHold: async (bankId, holdId, { signal } = {}) => {
      signal?.throwIfAborted();
      const id = storableId(holdId, "holdId");
      const [released] = await database.write(
        [storableId(bankId, "bankId")],
        (query, bank) =>
          query(`DELETE FROM ${holds} WHERE bank_id = $1 AND hold_id = $2`, [bank, id]),
        { signal },
      );
      return (released?.rowCount ?? 0) > 0;
    },

    listHolds: async (bankId, { signal } = {}) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const { rows } = await database.read(
        bank,
        (query) =>
          query(
            `SELECT bank_id, hold_id, reason, set_by, set_at FROM ${holds} WHERE bank_id = $1 ORDER BY sequence`,
            [bank],
          ),
        { signal },
      );
      return holdRows.parse(rows).map((row) => ({
        bankId: row.bank_id,
        holdId: row.hold_id,
        reason: row.reason,
        setBy: row.set_by,
        setAt: row.set_at,
      }));
    },
  };
}
