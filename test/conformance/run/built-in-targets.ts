import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte, EmbeddingsNotSupportedError, type LLMProvider } from "astrocyte";
import {
  AstrocyteEmbeddings,
  AstrocyteRetriever,
  AstrocyteVectorStore,
  fromLangChainEmbeddings,
  fromLangChainVectorStore,
} from "astrocyte/adapters/langchain";
import { createLocalEmbeddings, type LocalEmbeddings } from "astrocyte/adapters/local";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import { createSqliteStore, type SqliteStore } from "astrocyte/adapters/sqlite";
import {
  baseStoreConformance,
  documentStoreConformance,
  engineProviderConformance,
  graphStoreConformance,
  langChainEmbeddingsConformance,
  langChainRetrieverConformance,
  langChainVectorStoreConformance,
  llmProviderConformance,
  mentalModelStoreConformance,
  vectorStoreConformance,
  type TestRunner,
} from "astrocyte/conformance";
import { AstrocyteStore } from "astrocyte/graphs";
import {
  createInMemoryDocumentStore,
  createInMemoryEngine,
  createInMemoryGraphStore,
  createInMemoryMentalModelStore,
  createInMemoryVectorStore,
  createMockLLM,
  HashedEmbeddings,
} from "astrocyte/testing";
import {
  createLibsqlStore,
  createMemoryStore,
  createPgvectorStore,
} from "../../adapters/langchain/real-vector-stores.js";
import type { TestServer } from "../../support/postgres/server.js";

function withoutEmbeddings(): LLMProvider {
  const mock = createMockLLM();
  return {
    ...mock,
    name: "mock-chat",
    embed: () => Promise.reject(new EmbeddingsNotSupportedError("mock-chat")),
  };
}

function registerTestingProviders(runner: TestRunner): void {
  const name = "in_memory";
  vectorStoreConformance({ name, create: () => createInMemoryVectorStore() }, runner);
  documentStoreConformance({ name, create: () => createInMemoryDocumentStore() }, runner);
  graphStoreConformance({ name, create: () => createInMemoryGraphStore() }, runner);
  mentalModelStoreConformance({ name, create: () => createInMemoryMentalModelStore() }, runner);
  engineProviderConformance({ name, create: () => createInMemoryEngine() }, runner);
  llmProviderConformance({ name: "mock", create: () => createMockLLM() }, runner);
  llmProviderConformance(
    { name: "mock without embeddings", create: withoutEmbeddings, embeds: false },
    runner,
  );
  langChainEmbeddingsConformance(
    { name: "HashedEmbeddings", create: () => new HashedEmbeddings() },
    runner,
  );
}

/** In memory, and in a file of its own for each test. */
function registerSqlite(runner: TestRunner): void {
  const folders = new WeakMap<object, string>();

  async function openInFolder(): Promise<SqliteStore> {
    const folder = await mkdtemp(join(tmpdir(), "astrocyte-conformance-"));
    const store = await createSqliteStore({ path: join(folder, "memory.db") });
    folders.set(store, folder);
    return store;
  }

  async function destroy(store: object): Promise<void> {
    const folder = folders.get(store);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  const places = [
    { name: "sqlite :memory:", create: () => createSqliteStore({ path: ":memory:" }) },
    { name: "sqlite file", create: openInFolder },
  ];
  for (const place of places) {
    const capabilities = { indexesText: true };
    vectorStoreConformance({ ...place, destroy, capabilities }, runner);
    documentStoreConformance({ ...place, destroy }, runner);
    graphStoreConformance({ ...place, destroy }, runner);
    mentalModelStoreConformance({ ...place, destroy }, runner);
  }
}

/** Each test in a schema of its own. */
function registerPostgres(runner: TestRunner, { url, poolSize }: TestServer): void {
  for (const search of ["exact", "hnsw"] as const) {
    const name = `postgres ${search}`;
    const create = () =>
      createPostgresStore({
        url,
        poolSize,
        schema: `conformance_${randomUUID().replaceAll("-", "")}`,
        search,
        ...(search === "hnsw" && { dimension: 8 }),
      });
    vectorStoreConformance({ name, create, capabilities: { indexesText: true } }, runner);
    if (search === "hnsw") continue;
    documentStoreConformance({ name, create }, runner);
    graphStoreConformance({ name, create }, runner);
    mentalModelStoreConformance({ name, create }, runner);
  }
}

/** Vector stores of LangChain as vector stores of Astrocyte. */
function registerAdapted(runner: TestRunner, { url }: TestServer): void {
  const dimension = 8;
  const ends = new WeakMap<object, () => Promise<void>>();
  vectorStoreConformance(
    {
      name: "adapted MemoryVectorStore",
      create: () => fromLangChainVectorStore(createMemoryStore(), { allowUndeletable: true }),
      capabilities: { erases: false },
    },
    runner,
  );
  vectorStoreConformance(
    {
      name: "adapted LibSQLVectorStore",
      create: async () =>
        fromLangChainVectorStore(await createLibsqlStore(dimension), {
          idIndex: createInMemoryVectorStore(),
        }),
    },
    runner,
  );
  vectorStoreConformance(
    {
      name: "adapted PGVectorStore",
      create: async () => {
        const langchain = await createPgvectorStore(url, dimension);
        const store = fromLangChainVectorStore(langchain, {
          idIndex: createInMemoryVectorStore(),
        });
        ends.set(store, () => langchain.end());
        return store;
      },
      destroy: (store) => ends.get(store)?.(),
    },
    runner,
  );
}

/** What this package is to LangChain. */
function registerForLangChain(runner: TestRunner): void {
  const embeddings = new HashedEmbeddings();
  const stores = {
    "AstrocyteVectorStore in_memory": () => createInMemoryVectorStore(),
    "AstrocyteVectorStore sqlite": () => createSqliteStore({ path: ":memory:" }),
  };
  for (const [name, open] of Object.entries(stores)) {
    langChainVectorStoreConformance(
      {
        name,
        create: async () =>
          new AstrocyteVectorStore(embeddings, { store: await open(), bankId: "bank" }),
        filterBy: (key, value) => ({ [key]: value }),
      },
      runner,
    );
  }
  langChainRetrieverConformance(
    {
      name: "AstrocyteRetriever",
      create: async (documents) => {
        const brain = await createBrain();
        for (const { pageContent, metadata } of documents) {
          const source = String(metadata["source"]);
          await brain.retain(pageContent, { bankId: "bank", metadata: { source } });
        }
        return new AstrocyteRetriever({ brain, bankId: "bank" });
      },
      createFailing: async () =>
        new AstrocyteRetriever({ brain: await createBrain(), bankId: "no lawful bank" }),
      showsIds: false,
    },
    runner,
  );
  let provider: Promise<LocalEmbeddings> | undefined;
  langChainEmbeddingsConformance(
    {
      name: "AstrocyteEmbeddings local",
      create: async () => {
        // One for all tests: each loads the model.
        provider ??= createLocalEmbeddings();
        return new AstrocyteEmbeddings({ provider: await provider });
      },
    },
    runner,
  );
}

function createBrain(): Promise<Astrocyte> {
  return Astrocyte.fromConfig({
    profile: "minimal",
    vector_store: "in_memory",
    embedding_provider: "mock",
  });
}

/** Registers the suites for everything that this package brings. All of it must pass. */
function registerForLangGraph(runner: TestRunner): void {
  const brains = new Map<object, { brain: Astrocyte; folder: string | undefined }>();
  const embeddings = fromLangChainEmbeddings(new HashedEmbeddings());
  async function open(folder: string | undefined): Promise<AstrocyteStore> {
    const path = folder === undefined ? ":memory:" : join(folder, "memory.db");
    const brain = await Astrocyte.fromConfig(
      { vector_store: "sqlite", vector_store_config: { path } },
      { providers: { embeddings } },
    );
    const store = new AstrocyteStore({ brain });
    brains.set(store, { brain, folder });
    return store;
  }
  async function destroy(store: object): Promise<void> {
    const { brain, folder } = brains.get(store) ?? {};
    await brain?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
  baseStoreConformance(
    { name: "AstrocyteStore :memory:", create: () => open(undefined), destroy },
    runner,
  );
  baseStoreConformance(
    {
      name: "AstrocyteStore file",
      create: async () => open(await mkdtemp(join(tmpdir(), "astrocyte-conformance-"))),
      destroy,
    },
    runner,
  );
}

export function registerBuiltInTargets(runner: TestRunner, server: TestServer): void {
  registerTestingProviders(runner);
  registerSqlite(runner);
  registerPostgres(runner, server);
  registerAdapted(runner, server);
  registerForLangChain(runner);
  registerForLangGraph(runner);
}
