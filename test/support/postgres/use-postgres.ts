import { randomUUID } from "node:crypto";
import { createPostgresStore, type PostgresStore } from "astrocyte/adapters/postgres";
import type { TestServer } from "./server.js";
import { startPglite } from "./start-pglite.js";

interface Hooks {
  readonly beforeAll: (hook: () => Promise<void>, timeoutMs: number) => void;
  readonly afterAll: (hook: () => Promise<void>) => void;
}

/** PGlite for the tests of a file or a group; each store has a schema of its own. */
export function usePostgres({ beforeAll, afterAll }: Hooks): () => Promise<PostgresStore> {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await startPglite();
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });
  return () =>
    createPostgresStore({
      url: server?.url,
      poolSize: server?.poolSize,
      schema: `test_${randomUUID().replaceAll("-", "")}`,
    });
}
