import { randomUUID } from "node:crypto";
import { Astrocyte } from "astrocyte";
import { fromLangChainEmbeddings } from "astrocyte/adapters/langchain";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import { baseStoreConformance } from "astrocyte/conformance";
import { AstrocyteStore } from "astrocyte/graphs";
import { HashedEmbeddings } from "astrocyte/testing";
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

const opened = new Map<object, () => Promise<void>>();

baseStoreConformance(
  {
    name: "AstrocyteStore in PostgreSQL",
    create: async () => {
      const postgres = await createPostgresStore({
        url: server?.url,
        poolSize: server?.poolSize,
        schema: `base_store_${randomUUID().replaceAll("-", "")}`,
      });
      const brain = new Astrocyte({
        vectorStore: postgres,
        documentStore: postgres,
        graphStore: postgres,
        embeddings: fromLangChainEmbeddings(new HashedEmbeddings()),
      });
      const store = new AstrocyteStore({ brain });
      opened.set(store, async () => {
        await brain.close();
        await postgres.close();
      });
      return store;
    },
    destroy: async (store) => opened.get(store)?.(),
  },
  { describe, it },
);
