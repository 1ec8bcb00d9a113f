import type { VectorStore } from "astrocyte";
import * as z from "zod";
import { storableId } from "../internal/storable.js";
import type { Database } from "./open-database.js";
import { countColumn } from "./rows.js";

/** Counts what one store object changed. */
export interface OwnChanges {
  count: number;
}

/** Own changes count one each; a change from elsewhere outweighs any number of them. */
const foreignStep = 2 ** 20;

const revisionRows = z.array(z.object({ foreign: countColumn }));

/**
 * The revision of a bank. Its row says which object wrote last, and what the revision was at the last write of any other object
 * than that one; so for each object there is a number that grows exactly when somebody else has written.
 */
export function revisionMethods(
  database: Database,
  own: Readonly<OwnChanges>,
): Required<Pick<VectorStore, "bankRevision">> {
  return {
    bankRevision: async ({ bankId, signal }) => {
      const bank = storableId(bankId, "bankId");
      const { rows } = await database.read(
        bank,
        (query) =>
          query(
            `SELECT CASE WHEN writer = $2 THEN foreign_revision ELSE revision END AS foreign
              FROM ${database.schema}.astrocyte_banks WHERE bank_id = $1`,
            [bank, database.writer],
          ),
        { signal },
      );
      const foreign = revisionRows.parse(rows)[0]?.foreign ?? 0;
      return (foreign + database.unknownOutcomes) * foreignStep + own.count;
    },
  };
}
