import { legalHoldSchema, parseShape, type LegalHoldStore } from "astrocyte";
import * as z from "zod";
import type { Database } from "./open-database.js";
import { storable, storableId } from "../internal/storable.js";

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
  return {
    setHold: async (given, { signal } = {}) => {
      signal?.throwIfAborted();
      const { bankId, holdId, reason, setBy, setAt } = parseShape(
        legalHoldSchema,
        given,
        "legal hold",
      );
      await database.write(
        [
          {
            sql: `INSERT INTO astrocyte_legal_holds (bank_id, hold_id, reason, set_by, set_at)
              VALUES (?, ?, ?, ?, ?)
              ON CONFLICT (bank_id, hold_id) DO UPDATE SET
                reason = excluded.reason, set_by = excluded.set_by, set_at = excluded.set_at`,
            args: [
              storableId(bankId, "bankId"),
              storableId(holdId, "holdId"),
              storable(reason),
              storable(setBy),
              setAt,
            ],
          },
        ],
        signal,
      );
    },

    releaseHold: async (bankId, holdId, { signal } = {}) => {
      signal?.throwIfAborted();
      const [released] = await database.write(
        [
          {
            sql: "DELETE FROM astrocyte_legal_holds WHERE bank_id = ? AND hold_id = ?",
            args: [storableId(bankId, "bankId"), storableId(holdId, "holdId")],
          },
        ],
        signal,
      );
      return (released?.rowsAffected ?? 0) > 0;
    },

    listHolds: async (bankId, { signal } = {}) => {
      signal?.throwIfAborted();
      const [found] = await database.read(
        [
          {
            sql: `SELECT bank_id, hold_id, reason, set_by, set_at FROM astrocyte_legal_holds
              WHERE bank_id = ? ORDER BY sequence`,
            args: [storableId(bankId, "bankId")],
          },
        ],
        signal,
      );
      return holdRows.parse(found?.rows).map((row) => ({
        bankId: row.bank_id,
        holdId: row.hold_id,
        reason: row.reason,
        setBy: row.set_by,
        setAt: row.set_at,
      }));
    },
  };
}
