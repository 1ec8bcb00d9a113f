import { randomUUID } from "node:crypto";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import {
  documentStoreConformance,
  graphStoreConformance,
  mentalModelStoreConformance,
  vectorStoreConformance,
} from "astrocyte/conformance";
import { Client } from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { TestServer } from "../support/postgres/server.js";
import { startPglite } from "../support/postgres/start-pglite.js";

let server: TestServer | undefined;
beforeAll(async () => {
  server = await startPglite();
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query("CREATE EXTENSION vector");
  await client.query("CREATE ROLE owner");
  await client.query("GRANT CREATE ON DATABASE postgres TO owner");
  // All connections share one session, so the stores have this role too: row-level security holds for no superuser.
  await client.query("SET ROLE owner");
  await client.end();
}, 120_000);
afterAll(async () => {
  await server?.stop();
});

const modes = { exact: "exact", hnsw: "hnsw" } as const;
for (const [mode, search] of Object.entries(modes)) {
  const name = `postgres ${mode} with row-level security`;
  const create = () =>
    createPostgresStore({
      url: server?.url,
      poolSize: server?.poolSize,
      schema: `conformance_${randomUUID().replaceAll("-", "")}`,
      rowLevelSecurity: true,
      search,
      ...(search === "hnsw" ? { dimension: 8 } : {}),
    });
  const runner = { describe, it };
  vectorStoreConformance({ name, create, capabilities: { indexesText: true } }, runner);
  if (search === "hnsw") continue;
  documentStoreConformance({ name, create }, runner);
  graphStoreConformance({ name, create }, runner);
  mentalModelStoreConformance({ name, create }, runner);
}
