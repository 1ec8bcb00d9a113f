import {
  baseStoreConformance,
  createCollector,
  documentStoreConformance,
  engineProviderConformance,
  graphStoreConformance,
  langChainEmbeddingsConformance,
  langChainRetrieverConformance,
  langChainVectorStoreConformance,
  llmProviderConformance,
  vectorStoreConformance,
} from "astrocyte/conformance";
import {
  createInMemoryDocumentStore,
  createInMemoryEngine,
  createInMemoryGraphStore,
  createInMemoryVectorStore,
  createMockLLM,
  HashedEmbeddings,
} from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { ReferenceStore } from "./base-store/reference-store.js";
import { ReferenceRetriever } from "./langchain-retriever/reference-retriever.js";
import { ReferenceVectorStore } from "./langchain-vector-store/reference-vector-store.js";

const suites = {
  VS: [vectorStoreConformance, createInMemoryVectorStore, 27],
  DS: [documentStoreConformance, createInMemoryDocumentStore, 5],
  GS: [graphStoreConformance, createInMemoryGraphStore, 8],
  LLM: [llmProviderConformance, createMockLLM, 6],
  EP: [engineProviderConformance, createInMemoryEngine, 11],
  LVS: [langChainVectorStoreConformance, () => new ReferenceVectorStore(), 34],
  LR: [langChainRetrieverConformance, () => new ReferenceRetriever([]), 16],
  LE: [langChainEmbeddingsConformance, () => new HashedEmbeddings(), 12],
  BS: [baseStoreConformance, () => new ReferenceStore(), 76],
} as const;

describe.each(Object.entries(suites))("%s", (prefix, [conformance, create, count]) => {
  it("has a test for every numbered statement, and no title twice", async () => {
    const collector = createCollector();
    conformance({ name: "any", create: () => create() as never }, collector);
    const ids = (await collector.run()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const uncovered = Array.from({ length: count }, (_, n) => `${prefix}-${n + 1}`).filter(
      (id) => !ids.some((known) => known === id || known.startsWith(`${id}-`)),
    );
    expect(uncovered).toEqual([]);
  });
});

describe("a target", () => {
  it("shows in the title why a statement is skipped", async () => {
    const collector = createCollector();
    vectorStoreConformance(
      {
        name: "mine",
        create: () => createInMemoryVectorStore(),
        capabilities: { supportsDelete: false },
        skip: { "VS-24": "the server is slow" },
      },
      collector,
    );
    const results = await collector.run();
    const titles = results.filter(({ status }) => status === "skipped").map(({ title }) => title);
    expect(titles).toContain("VS-24 a batch of 1000 items is stored (skipped: the server is slow)");
    expect(titles).toContainEqual(
      expect.stringMatching(/^VS-11 .*\(skipped: supportsDelete is false\)$/),
    );
  });

  it("gets a fresh subject for each test, closed and destroyed also when the test fails", async () => {
    const events: string[] = [];
    let made = 0;
    const collector = createCollector();
    documentStoreConformance(
      {
        name: "mine",
        create: () => {
          made += 1;
          const name = `store ${made}`;
          return {
            ...createInMemoryDocumentStore(),
            getDocument: () => Promise.reject(new Error("broken")),
            close: async () => void events.push(`${name} closed`),
          };
        },
        destroy: () => void events.push(`store ${made} destroyed`),
        skip: { "DS-close": "counted here" },
      },
      collector,
    );
    const results = await collector.run();
    expect(results.find(({ id }) => id === "DS-2")?.error).toMatchObject({ message: "broken" });
    const run = results.filter(({ status }) => status !== "skipped").length;
    expect(made).toBe(run);
    expect(events).toEqual(
      Array.from({ length: run }, (_, n) => [
        `store ${n + 1} closed`,
        `store ${n + 1} destroyed`,
      ]).flat(),
    );
  });
});
