import { DimensionMismatchError, StorageError } from "astrocyte";
import * as z from "zod";
import type { Database, Query } from "./open-database.js";

/** The one length that all vectors of a schema have. */
export interface Dimension {
  /**
   * Checks a query vector's length.
   *
   * @returns `false` when no vector was ever stored, so that a search finds nothing.
   */
  check(length: number, signal: AbortSignal | undefined): Promise<boolean>;
  /**
   * Runs a write of items with these vector lengths. It calls `record` in its transaction before it stores a vector: the first
   * length ever written is kept.
   */
  write<Result>(
    lengths: ReadonlySet<number>,
    run: (record: (query: Query) => Promise<void>) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result>;
}

const rows = z.array(z.object({ value: z.coerce.number().int() }));

/**
 * Reads the recorded dimension, and records or checks a configured one.
 *
 * @throws DimensionMismatchError when the configured one differs.
 */
export async function openDimension(
  database: Database,
  configured: number | undefined,
): Promise<Dimension> {
  const { schema, location } = database;
  const recordLength = async (query: Query, length: number): Promise<void> => {
    await query(
      `INSERT INTO ${schema}.astrocyte_meta (key, value) VALUES ('dimension', $1) ON CONFLICT (key) DO NOTHING`,
      [String(length)],
    );
  };
  // Once recorded it never changes, so only its absence has to be looked up again.
  let known: number | undefined;
  const recorded = async (signal?: AbortSignal): Promise<number | undefined> => {
    if (known !== undefined) return known;
    const found = await database.read(
      undefined,
      (query) => query(`SELECT value FROM ${schema}.astrocyte_meta WHERE key = 'dimension'`),
      { signal },
    );
    const value = rows.parse(found.rows)[0]?.value;
    // What a transaction has recorded may yet be undone with it.
    if (!database.isInTransaction()) known = value;
    return value;
  };
  const refuseOther = (expected: number, lengths: Iterable<number>): void => {
    for (const length of lengths) {
      if (length !== expected) throw new DimensionMismatchError(location, expected, length);
    }
  };

  await recorded();
  if (configured !== undefined) {
    if (known === undefined) await database.writeShared((query) => recordLength(query, configured));
    refuseOther((await recorded()) ?? configured, [configured]);
  }

  return {
    check: async (length, signal) => {
      const expected = await recorded(signal);
      if (expected !== undefined) refuseOther(expected, [length]);
      return expected !== undefined;
    },
    write: async (lengths, run, signal) => {
      const [first] = lengths;
      if (first === undefined) return await run(() => Promise.resolve());
      // One unknown length needs no lookup: the database compares it.
      refuseOther((lengths.size > 1 ? await recorded(signal) : known) ?? first, lengths);
      try {
        const result = await run(async (query) => {
          if (known === undefined) await recordLength(query, first);
        });
        if (!database.isInTransaction()) known = first;
        return result;
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
