import type { ListVectorsOptions, VectorItem } from "astrocyte";
import * as z from "zod";
import { storableId } from "../internal/storable.js";
import { toCount } from "../internal/to-count.js";
import type { Database } from "./open-database.js";
import { countColumn, toVectorItems } from "./rows.js";

/** Where the last page of a bank ended. */
interface PageEnd {
  readonly offset: number;
  readonly id: string;
  readonly revision: number;
}

/** Banks whose last page is remembered; the one that was paged longest ago is forgotten first. */
const maxRemembered = 100;

const revisionRows = z.array(z.looseObject({ id: z.string(), revision: countColumn }));

/**
 * Lists a bank by id. A page that follows the last one begins right after its last id, found in the index, unless the bank has
 * changed since; any other is counted off from the beginning.
 *
 * @param itemColumns - Columns of `m`.
 */
export function listVectorsMethod(
  database: Database,
  itemColumns: string,
): (options: ListVectorsOptions) => Promise<VectorItem[]> {
  const { schema } = database;
  const ends = new Map<string, PageEnd>();
  const remember = (bankId: string, end: PageEnd | undefined): void => {
    ends.delete(bankId);
    if (end === undefined) return;
    ends.set(bankId, end);
    const [oldest] = ends.keys();
    if (ends.size > maxRemembered && oldest !== undefined) ends.delete(oldest);
  };
  const select = `SELECT ${itemColumns}, b.revision FROM ${schema}.astrocyte_memories m
    JOIN ${schema}.astrocyte_banks b ON b.bank_id = m.bank_id WHERE m.bank_id = $1 AND m.is_memory`;

  return async ({ bankId, offset = 0, limit = 100, signal }) => {
    const bank = storableId(bankId, "bankId");
    const first = toCount(offset, "offset");
    const count = toCount(limit, "limit");
    const end = ends.get(bank);
    const read = async (condition: string, from: unknown): Promise<readonly unknown[]> => {
      const sql = `${select} ${condition}`;
      const found = await database.read(bank, (query) => query(sql, [bank, count, from]), {
        signal,
      });
      return found.rows;
    };
    const revisionOf = (rows: readonly unknown[]) => revisionRows.parse(rows.slice(0, 1))[0];
    let rows: readonly unknown[] = [];
    if (end !== undefined && end.offset === first && first > 0) {
      rows = await read("AND m.id > $3 ORDER BY m.id LIMIT $2", end.id);
    }
    if (rows.length === 0 || revisionOf(rows)?.revision !== end?.revision) {
      rows = await read("ORDER BY m.id LIMIT $2 OFFSET $3", first);
    }
    const last = revisionRows.parse(rows.slice(-1))[0];
    remember(
      bank,
      last === undefined
        ? undefined
        : { offset: first + rows.length, id: last.id, revision: last.revision },
    );
    return toVectorItems(rows);
  };
}
