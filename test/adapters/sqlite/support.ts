import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type InValue, type Row } from "@libsql/client";
import {
  createSqliteStore,
  type SqliteStore,
  type SqliteStoreConfig,
} from "astrocyte/adapters/sqlite";
import { afterEach } from "vitest";

export { item } from "../stores/open-store.js";

export interface Workspace {
  readonly directory: string;
  /** A path in the workspace. */
  readonly file: (name?: string) => string;
  readonly open: (config?: SqliteStoreConfig) => Promise<SqliteStore>;
}

/** A folder a test file; stores opened through it are closed after each test, and the folder is removed. */
export function useWorkspace(): () => Promise<Workspace> {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
  return async () => {
    const directory = await mkdtemp(join(tmpdir(), "astrocyte-sqlite-"));
    cleanups.push(() => rm(directory, { recursive: true, force: true }));
    const file = (name = "memory.db"): string => join(directory, name);
    return {
      directory,
      file,
      open: async (config = { path: file() }) => {
        const store = await createSqliteStore(config);
        cleanups.push(() => store.close());
        return store;
      },
    };
  };
}

/** Runs SQL past the store. */
export async function query(file: string, sql: string, args: InValue[] = []): Promise<Row[]> {
  const client = createClient({ url: `file:${file}`, timeout: 5000 });
  try {
    return (await client.execute({ sql, args })).rows;
  } finally {
    client.close();
  }
}

/** What holds of every database at any moment: memories, documents and index agree, and the file is sound. */
export async function findDamage(file: string): Promise<unknown[]> {
  // With rank 1 the check compares the index with the indexed table, in both directions.
  await query(
    file,
    "INSERT INTO astrocyte_fulltext (astrocyte_fulltext, rank) VALUES ('integrity-check', 1)",
  );
  const missing = await query(
    file,
    `SELECT id FROM astrocyte_memories WHERE text IS NULL OR item_id NOT IN (SELECT id FROM astrocyte_fulltext_docsize)
     UNION ALL
     SELECT id FROM astrocyte_fulltext_docsize WHERE id NOT IN (SELECT item_id FROM astrocyte_memories)`,
  );
  const [check] = await query(file, "PRAGMA integrity_check");
  return check?.["integrity_check"] === "ok" ? missing : [...missing, check];
}
