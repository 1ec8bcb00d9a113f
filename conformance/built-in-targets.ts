import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConfigError,
  EmbeddingsNotSupportedError,
  isProvider,
  type LLMProvider,
  type ProtocolName,
} from "astrocyte";
import {
  createInMemoryDocumentStore,
  createInMemoryEngine,
  createInMemoryGraphStore,
  createInMemoryMentalModelStore,
  createInMemoryVectorStore,
  createMockLLM,
} from "astrocyte/testing";
import { documentStoreConformance } from "./document-store/document-store-conformance.js";
import { engineProviderConformance } from "./engine-provider/engine-provider-conformance.js";
import { graphStoreConformance } from "./graph-store/graph-store-conformance.js";
import { llmProviderConformance } from "./llm-provider/llm-provider-conformance.js";
import { mentalModelStoreConformance } from "./mental-model-store/mental-model-store-conformance.js";
import type { TestRunner } from "./runner.js";
import { vectorStoreConformance } from "./vector-store/vector-store-conformance.js";

function withoutEmbeddings(): LLMProvider {
  const mock = createMockLLM();
  return {
    ...mock,
    name: "mock-chat",
    embed: () => Promise.reject(new EmbeddingsNotSupportedError("mock-chat")),
  };
}

/** Registers the suites for everything that `astrocyte/testing` offers. */
export function registerTestingProviders(runner: TestRunner): void {
  vectorStoreConformance({ name: "in_memory", create: () => createInMemoryVectorStore() }, runner);
  documentStoreConformance(
    { name: "in_memory", create: () => createInMemoryDocumentStore() },
    runner,
  );
  graphStoreConformance({ name: "in_memory", create: () => createInMemoryGraphStore() }, runner);
  mentalModelStoreConformance(
    { name: "in_memory", create: () => createInMemoryMentalModelStore() },
    runner,
  );
  engineProviderConformance({ name: "in_memory", create: () => createInMemoryEngine() }, runner);
  llmProviderConformance({ name: "mock", create: () => createMockLLM() }, runner);
  llmProviderConformance(
    { name: "mock without embeddings", create: withoutEmbeddings, embeds: false },
    runner,
  );
}

type StoreFactory = (config: { path: string }) => unknown;

function isFactory(value: unknown): value is StoreFactory {
  return typeof value === "function";
}

async function loadSqlite(): Promise<StoreFactory> {
  // The name is a value: this folder is built without the adapters, which are built after the same sources.
  const specifier: string = "astrocyte/adapters/sqlite";
  const module: unknown = await import(specifier);
  const factory =
    typeof module === "object" && module !== null && "createSqliteStore" in module
      ? module.createSqliteStore
      : undefined;
  if (isFactory(factory)) return factory;
  throw new ConfigError(`${specifier} exports no function createSqliteStore`);
}

function asProvider<Name extends ProtocolName>(value: object, protocol: Name) {
  if (isProvider(value, protocol)) return value;
  throw new ConfigError(`createSqliteStore made no ${protocol}`);
}

/** Registers the suites for the SQLite store, in memory and in a file of its own for each test. */
export async function registerSqlite(runner: TestRunner): Promise<void> {
  const createSqliteStore = await loadSqlite();
  const folders = new WeakMap<object, string>();

  async function open(path: string): Promise<object> {
    const store = await createSqliteStore({ path });
    if (typeof store === "object" && store !== null) return store;
    throw new ConfigError("createSqliteStore made no object");
  }

  async function openInFolder(): Promise<object> {
    const folder = await mkdtemp(join(tmpdir(), "astrocyte-conformance-"));
    const store = await open(join(folder, "memory.db"));
    folders.set(store, folder);
    return store;
  }

  const places = [
    { name: "sqlite :memory:", open: () => open(":memory:") },
    { name: "sqlite file", open: openInFolder },
  ];
  for (const { name, open: openStore } of places) {
    const destroy = async (store: object) => {
      const folder = folders.get(store);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    };
    const capabilities = { indexesText: true };
    vectorStoreConformance(
      {
        name,
        create: async () => asProvider(await openStore(), "VectorStore"),
        destroy,
        capabilities,
      },
      runner,
    );
    documentStoreConformance(
      { name, create: async () => asProvider(await openStore(), "DocumentStore"), destroy },
      runner,
    );
    graphStoreConformance(
      { name, create: async () => asProvider(await openStore(), "GraphStore"), destroy },
      runner,
    );
    mentalModelStoreConformance(
      { name, create: async () => asProvider(await openStore(), "MentalModelStore"), destroy },
      runner,
    );
  }
}
