import { randomUUID } from "node:crypto";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import {
  documentStoreConformance,
  graphStoreConformance,
  mentalModelStoreConformance,
  vectorStoreConformance,
} from "astrocyte/conformance";
import { afterAll, beforeAll, describe, it } from "vitest";
import { startWithVectors } from "../adapters/postgres/support.js";
import type { TestServer } from "../support/postgres/server.js";

let server: TestServer | undefined;
beforeAll(async () => {
  server = await startWithVectors();
}, 120_000);
afterAll(async () => {
  await server?.stop();
});

const modes = { "postgres exact": "exact", "postgres hnsw": "hnsw" } as const;
for (const [name, search] of Object.entries(modes)) {
  const create = () =>
    createPostgresStore({
      url: server?.url,
      poolSize: server?.poolSize,
      schema: `conformance_${randomUUID().replaceAll("-", "")}`,
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
