import { DimensionMismatchError, StorageError } from "astrocyte";
import * as z from "zod";
import type { Database, Statement } from "./open-database.js";

/** The one length that all vectors of a database have. */
export interface Dimension {
  /**
   * Checks a query vector's length.
   *
   * @returns `false` when no vector was ever stored, so that a search finds nothing.
   */
  check(length: number, signal: AbortSignal | undefined): Promise<boolean>;
  /** Writes items with these vector lengths; the first length ever written is recorded in the same transaction. */
  write(
    lengths: ReadonlySet<number>,
    statements: readonly Statement[],
    signal: AbortSignal | undefined,
    done: () => void,
  ): Promise<void>;
}

const rows = z.array(z.object({ value: z.coerce.number().int() }));

const record = (dimension: number): Statement => ({
  sql: "INSERT OR IGNORE INTO astrocyte_meta (key, value) VALUES ('dimension', ?)",
  args: [String(dimension)],
});

/**
 * Reads the recorded dimension, and records or checks a configured one.
 *
 * @throws DimensionMismatchError when the configured one differs.
 */
export async function openDimension(
  database: Database,
  configured: number | undefined,
): Promise<Dimension> {
  // Once recorded it never changes, so only its absence has to be looked up again.
  let known: number | undefined;
  const recorded = async (signal?: AbortSignal): Promise<number | undefined> => {
    if (known !== undefined) return known;
    const [result] = await database.read(
      [{ sql: "SELECT value FROM astrocyte_meta WHERE key = 'dimension'", args: [] }],
      signal,
    );
    const found = rows.parse(result?.rows)[0]?.value;
    // What a transaction sees may be undone with it.
    if (!database.isInTransaction()) known = found;
    return found;
  };
  const refuseOther = (expected: number, lengths: Iterable<number>): void => {
    for (const length of lengths) {
      if (length !== expected) {
        throw new DimensionMismatchError(database.location, expected, length);
      }
    }
  };

  await recorded();
  if (configured !== undefined) {
    if (known === undefined) await database.write([record(configured)]);
    refuseOther((await recorded()) ?? configured, [configured]);
  }

  return {
    check: async (length, signal) => {
      const expected = await recorded(signal);
      if (expected !== undefined) refuseOther(expected, [length]);
      return expected !== undefined;
    },
    write: async (lengths, statements, signal, done) => {
      const [first] = lengths;
      if (first === undefined) {
        await database.write(statements, signal, done);
        return;
      }
      // One unknown length needs no lookup: the database compares it.
      refuseOther((lengths.size > 1 ? await recorded(signal) : known) ?? first, lengths);
      try {
        await database.write([record(first), ...statements], signal, done);
        if (!database.isInTransaction()) known = first;
      } catch (error) {
        // Another process may have recorded its dimension; the trigger then refused the rows.
        if (error instanceof StorageError) {
          const expected = await recorded(signal);
          if (expected !== undefined) refuseOther(expected, lengths);
        }
        throw error;
      }
    },
  };
}
