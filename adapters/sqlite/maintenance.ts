import { rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { InvalidArgumentError, StorageError, type CallOptions } from "astrocyte";
import * as z from "zod";
import type { Database, Statement } from "./open-database.js";

const statement = (sql: string, ...args: string[]): Statement => ({ sql, args });
const erasures = statement("SELECT value FROM astrocyte_meta WHERE key = 'erasures'");
const erasureRows = z.array(z.object({ value: z.string() }));
const checkRows = z.array(z.object({ integrity_check: z.string() }));

export interface MaintenanceMethods {
  /**
   * Writes the database anew, so that what was deleted or replaced before the call is neither in the file nor in its
   * write-ahead log. Takes about as long as copying the file, needs room for a second copy, and keeps other writers waiting.
   *
   * @throws StorageError when another process keeps reading or writing; what was erased may then still be in the log, and
   *   `needsCompaction` stays true.
   */
  compact(options?: CallOptions): Promise<void>;
  /** Whether something was deleted or replaced since the database was last compacted, by any process. */
  needsCompaction(options?: CallOptions): Promise<boolean>;
  /**
   * Copies the database, as it is at one moment, into a new file, while others read and write. The copy is compact: what was
   * erased before is not in it.
   *
   * @throws InvalidArgumentError when there is a file already, or for a remote database.
   */
  backup(path: string, options?: CallOptions): Promise<void>;
  /** Reads the whole database; what is wrong with it, line by line. Empty when it is sound. */
  checkIntegrity(options?: CallOptions): Promise<readonly string[]>;
}

export function maintenanceMethods(
  database: Database,
  { remote, busyTimeoutMs }: { readonly remote: boolean; readonly busyTimeoutMs: number },
): MaintenanceMethods {
  const countErasures = async (signal: AbortSignal | undefined): Promise<string | undefined> => {
    const [result] = await database.read([erasures], signal);
    return erasureRows.parse(result?.rows)[0]?.value;
  };

  return {
    compact: async ({ signal } = {}) => {
      const before = await countErasures(signal);
      // FTS5 leaves the words that began a page in its directory of pages, also when it deletes securely.
      await database.write(
        [statement("INSERT INTO astrocyte_fulltext (astrocyte_fulltext) VALUES ('rebuild')")],
        signal,
      );
      await database.execute(statement("VACUUM"), signal);
      for (let waitedMs = 0; !(await database.flushErased()); waitedMs += 20) {
        signal?.throwIfAborted();
        if (waitedMs >= busyTimeoutMs) {
          throw new StorageError(
            `${database.location}: another process keeps reading, so that the write-ahead log still holds what was erased; compact again later`,
          );
        }
        await sleep(20);
      }
      if (before === undefined) return;
      // What was erased meanwhile still counts.
      await database.write([
        statement("DELETE FROM astrocyte_meta WHERE key = 'erasures' AND value = ?", before),
      ]);
    },

    needsCompaction: async ({ signal } = {}) => (await countErasures(signal)) !== undefined,

    backup: async (path, { signal } = {}) => {
      if (remote)
        throw new InvalidArgumentError("backup: a remote database is copied by its server");
      const exists = await stat(path).then(
        () => true,
        () => false,
      );
      if (exists) throw new InvalidArgumentError("backup: path: there is a file already");
      const partial = `${path}.partial`;
      await rm(partial, { force: true });
      try {
        await database.execute(statement("VACUUM INTO ?", partial), signal);
        await rename(partial, path);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },

    checkIntegrity: async ({ signal } = {}) => {
      const problems: string[] = [];
      const [result] = await database.read([statement("PRAGMA integrity_check")], signal);
      for (const { integrity_check: line } of checkRows.parse(result?.rows)) {
        if (line !== "ok") problems.push(line);
      }
      try {
        // With rank 1 the index is compared with the texts, in both directions.
        await database.write(
          [
            statement(
              "INSERT INTO astrocyte_fulltext (astrocyte_fulltext, rank) VALUES ('integrity-check', 1)",
            ),
          ],
          signal,
        );
      } catch (error) {
        if (!(error instanceof StorageError) || !error.message.includes("SQLITE_CORRUPT"))
          throw error;
        problems.push(
          "the full-text index does not agree with the texts; compact() builds it anew",
        );
      }
      return problems;
    },
  };
}
