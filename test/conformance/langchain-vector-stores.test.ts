import type { VectorStore } from "astrocyte";
import { createInMemoryVectorStore } from "astrocyte/testing";
import { fromLangChainVectorStore } from "astrocyte/adapters/langchain";
import { vectorStoreConformance } from "astrocyte/conformance";
import { afterAll, beforeAll, describe, it } from "vitest";
import {
  createLibsqlStore,
  createMemoryStore,
  createPgvectorStore,
} from "../adapters/langchain/real-vector-stores.js";
import type { TestServer } from "../support/postgres/server.js";
import { startPglite } from "../support/postgres/start-pglite.js";

const dimension = 8;
const runner = { describe, it };
const idIndex = () => createInMemoryVectorStore();

vectorStoreConformance(
  {
    name: "MemoryVectorStore through the adapter",
    create: () => fromLangChainVectorStore(createMemoryStore(), { allowUndeletable: true }),
    capabilities: { erases: false },
  },
  runner,
);
vectorStoreConformance(
  {
    name: "LibSQLVectorStore through the adapter",
    create: async () =>
      fromLangChainVectorStore(await createLibsqlStore(dimension), { idIndex: idIndex() }),
  },
  runner,
);

let server: TestServer | undefined;
beforeAll(async () => {
  server = await startPglite();
}, 60_000);
afterAll(() => server?.stop());

const ends = new WeakMap<VectorStore, () => Promise<void>>();
vectorStoreConformance(
  {
    name: "PGVectorStore through the adapter",
    create: async () => {
      if (server === undefined) throw new Error("the server did not start");
      const langchain = await createPgvectorStore(server.url, dimension);
      const store = fromLangChainVectorStore(langchain, { idIndex: idIndex() });
      ends.set(store, () => langchain.end());
      return store;
    },
    destroy: (store) => ends.get(store)?.(),
  },
  runner,
);
