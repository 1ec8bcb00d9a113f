import { randomUUID } from "node:crypto";
import {
  createPostgresStore,
  type PostgresStore,
  type PostgresStoreConfig,
  type PostgresStoreContext,
} from "astrocyte/adapters/postgres";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { TestServer } from "../../support/postgres/server.js";
import { startPglite } from "../../support/postgres/start-pglite.js";
import {
  findPostgres,
  startPostgres,
  type RealServer,
} from "../../support/postgres/start-postgres.js";

export { item } from "../stores/open-store.js";

export interface Workspace {
  readonly url: string;
  readonly schema: string;
  readonly open: (
    config?: PostgresStoreConfig,
    context?: PostgresStoreContext,
  ) => Promise<PostgresStore>;
  /** Runs SQL past the store; `$schema` is the workspace's. */
  readonly query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** A connection of one's own, closed after the test. */
  readonly connect: () => Promise<Client>;
}

/**
 * A server a test file. Each workspace has a schema of its own; stores opened through it are closed after each test, and the
 * schema is dropped.
 */
export function useServer(start: () => Promise<TestServer>): () => Promise<Workspace> {
  let server: TestServer | undefined;
  const cleanups: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    server = await start();
  }, 120_000);
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
  afterAll(async () => {
    await server?.stop();
  });
  return async () => {
    if (server === undefined) throw new Error("the server did not start");
    const { url, poolSize } = server;
    const schema = `test_${randomUUID().replaceAll("-", "")}`;
    const connect = async (): Promise<Client> => {
      const client = new Client({ connectionString: url });
      // A server that is stopped below a connection says so.
      client.on("error", () => {});
      await client.connect();
      return client;
    };
    const query: Workspace["query"] = async (sql, values = []) => {
      const client = await connect();
      try {
        const { rows } = await client.query<Record<string, unknown>>(
          sql.replaceAll("$schema", schema),
          values,
        );
        return rows;
      } finally {
        await client.end();
      }
    };
    cleanups.push(() => query("DROP SCHEMA IF EXISTS $schema CASCADE"));
    return {
      url,
      schema,
      query,
      connect: async () => {
        const client = await connect();
        cleanups.push(() => client.end().catch(() => {}));
        return client;
      },
      open: async (config = {}, context = {}) => {
        const store = await createPostgresStore({ url, schema, poolSize, ...config }, context);
        cleanups.push(() => store.close());
        return store;
      },
    };
  };
}

const named = process.env["ASTROCYTE_TEST_POSTGRES_URL"];

/** The server that `ASTROCYTE_TEST_POSTGRES_URL` names, which has to have pgvector, else PGlite. */
export function startWithVectors(): Promise<TestServer> {
  if (!named) return startPglite();
  return Promise.resolve({ url: named, poolSize: 10, stop: () => Promise.resolve() });
}

const programs = await findPostgres();

/** Why tests that take several connections cannot run; undefined when they can. */
export const noRealServer =
  programs === undefined
    ? "PostgreSQL is not installed, neither in PATH nor as Debian has it"
    : undefined;

/** A real PostgreSQL without pgvector, for what takes several connections. */
export function startReal(): Promise<RealServer> {
  if (programs === undefined) throw new Error(noRealServer);
  return startPostgres(programs);
}

/** Makes a schema what the release before legal holds and mental models would have left. */
export async function takeBackToVersion1(query: Workspace["query"]): Promise<void> {
  await query("DROP TABLE $schema.astrocyte_legal_holds, $schema.astrocyte_mental_models");
  await query("DROP FUNCTION $schema.astrocyte_models_removed");
  await query("UPDATE $schema.astrocyte_meta SET value = '1' WHERE key = 'schema_version'");
}

/** What holds of every schema at any moment: what is counted is there, and nothing is left of what is gone. */
export async function findDamage(query: Workspace["query"]): Promise<unknown[]> {
  const counts = await query(
    `SELECT b.bank_id, b.documents, b.words, m.documents AS real_documents, m.words AS real_words
      FROM $schema.astrocyte_banks b LEFT JOIN (
        SELECT bank_id, count(*) AS documents, sum(word_count) AS words FROM $schema.astrocyte_memories GROUP BY bank_id) m
        ON m.bank_id = b.bank_id
      WHERE b.documents <> coalesce(m.documents, 0) OR b.words <> coalesce(m.words, 0)`,
  );
  const homeless = await query(
    `SELECT id FROM $schema.astrocyte_memories WHERE bank_id NOT IN (SELECT bank_id FROM $schema.astrocyte_banks)`,
  );
  return [...counts, ...homeless];
}
