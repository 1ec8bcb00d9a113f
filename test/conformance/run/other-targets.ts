import { randomUUID } from "node:crypto";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import type { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { FakeEmbeddings, FakeRetriever, SyntheticEmbeddings } from "@langchain/core/utils/testing";
import { InMemoryStore } from "@langchain/langgraph";
import { PostgresStore } from "@langchain/langgraph-checkpoint-postgres/store";
import {
  baseStoreConformance,
  langChainEmbeddingsConformance,
  langChainRetrieverConformance,
  langChainVectorStoreConformance,
  type LangChainVectorStoreLike,
  type TestRunner,
} from "astrocyte/conformance";
import { HashedEmbeddings } from "astrocyte/testing";
import {
  createLibsqlStore,
  createMemoryStore,
  createPgvectorStore,
} from "../../adapters/langchain/real-vector-stores.js";
import type { TestServer } from "../../support/postgres/server.js";

/** How the reason for skipping a statement begins that holds in one run and not in the next. */
export const varies = "varies: ";

const embeddings = new HashedEmbeddings();
const { dimension } = embeddings;

/** UUIDs, which a column may insist on. */
function createUuid(at: number): string {
  return `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`;
}

/** Statements that hold in one run and not in the next. */
function varying(ids: readonly string[], reason: string): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [id, `${varies}${reason}`]));
}

function registerVectorStores(runner: TestRunner, { url }: TestServer): void {
  langChainVectorStoreConformance(
    {
      name: "MemoryVectorStore",
      create: () => createMemoryStore(embeddings),
      filterBy:
        (name, value) =>
        ({ metadata }: { metadata: Record<string, unknown> }) =>
          metadata[name] === value,
      capabilities: {
        takesIdsFrom: ["document"],
        returnsIds: false,
        replacesById: false,
        deletesBy: [],
      },
    },
    runner,
  );
  langChainVectorStoreConformance(
    {
      name: "LibSQLVectorStore",
      create: () => createLibsqlStore(dimension, embeddings),
      filterBy: (name, value) => ({
        sql: "json_extract(metadata, '$.' || :name) = :value",
        args: { name, value },
      }),
      capabilities: {
        scoreMeaning: "distance",
        takesIdsFrom: [],
        replacesById: false,
        deletesBy: ["ids"],
        searchesByRelevanceAndVariety: false,
      },
      skip: varying(
        ["LVS-29", "LVS-30", "LVS-34"],
        "after a deletion its index may miss neighbours of what was deleted",
      ),
    },
    runner,
  );
  const opened = new WeakMap<LangChainVectorStoreLike, PGVectorStore>();
  langChainVectorStoreConformance(
    {
      name: "PGVectorStore",
      create: async () => {
        const store = await createPgvectorStore(url, dimension, embeddings);
        opened.set(store, store);
        return store;
      },
      destroy: (store) => opened.get(store)?.end(),
      createId: createUuid,
      filterBy: (name, value) => ({ [name]: value }),
      capabilities: {
        scoreMeaning: "distance",
        takesIdsFrom: ["options"],
        returnsIds: false,
        replacesById: false,
      },
    },
    runner,
  );
  runner.describe("HNSWLib: LangChain VectorStore", () => {
    runner.it.skip(
      "LVS all statements (skipped: hnswlib-node is built on installing, and is not installed here)",
      async () => {},
    );
  });
}

function registerRetrieversAndEmbeddings(runner: TestRunner): void {
  langChainRetrieverConformance(
    {
      name: "VectorStoreRetriever",
      create: async (documents) =>
        (await MemoryVectorStore.fromDocuments([...documents], embeddings)).asRetriever(2),
      createFailing: () => createMemoryStore().asRetriever(2),
    },
    runner,
  );
  langChainRetrieverConformance(
    {
      name: "FakeRetriever",
      create: (documents) => new FakeRetriever({ output: [...documents] }),
      ranks: false,
    },
    runner,
  );
  langChainEmbeddingsConformance(
    { name: "FakeEmbeddings", create: () => new FakeEmbeddings() },
    runner,
  );
  langChainEmbeddingsConformance(
    {
      name: "SyntheticEmbeddings",
      create: () => new SyntheticEmbeddings({ vectorSize: 64 }),
    },
    runner,
  );
}

function registerStores(runner: TestRunner, { url }: TestServer): void {
  const withoutIndex = { ranksByQuery: false };
  baseStoreConformance(
    {
      name: "InMemoryStore",
      create: () => new InMemoryStore(),
      capabilities: withoutIndex,
    },
    runner,
  );
  baseStoreConformance(
    {
      name: "InMemoryStore with index",
      create: () =>
        new InMemoryStore({ index: { dims: dimension, embeddings: embeddings as never } }),
    },
    runner,
  );
  const skip = varying(["BS-14", "BS-15"], "items of one instant have no order");
  const createPostgres = (index?: { dims: number; embed: HashedEmbeddings }) =>
    new PostgresStore({
      connectionOptions: { connectionString: url, max: 1 },
      schema: `store_${randomUUID().replaceAll("-", "")}`,
      ...(index && { index }),
    });
  baseStoreConformance(
    { name: "PostgresStore", create: () => createPostgres(), capabilities: withoutIndex, skip },
    runner,
  );
  baseStoreConformance(
    {
      name: "PostgresStore with index",
      create: () => createPostgres({ dims: dimension, embed: embeddings }),
      skip,
    },
    runner,
  );
}

/** Registers the suites for what LangChain and LangGraph bring. What fails is theirs, and is recorded. */
export function registerOtherTargets(runner: TestRunner, server: TestServer): void {
  registerVectorStores(runner, server);
  registerRetrieversAndEmbeddings(runner);
  registerStores(runner, server);
}
