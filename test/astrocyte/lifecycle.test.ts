import { Astrocyte, ProviderRegistry } from "astrocyte";
import {
  createInMemoryEngine,
  createInMemoryVectorStore,
  createScriptedLLM,
  HashedEmbeddings,
} from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "user-1";
const inMemory = { vector_store: "in_memory", document_store: "in_memory" };

describe("fromConfig", () => {
  it("builds a brain from names and raw LangChain-shaped embeddings, and closes what it made", async () => {
    const brain = await Astrocyte.fromConfig(inMemory, {
      providers: { embeddings: new HashedEmbeddings() },
    });
    await brain.retain("Calvin prefers dark mode", { bankId });
    expect((await brain.recall("dark mode", { bankId })).hits[0]?.strategies).toContain("semantic");
    await brain.close();
    await brain.close();
    await expect(brain.recall("dark mode", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_CLOSED",
    });
  });

  it("waits for the one closing, however often it is asked to close", async () => {
    let closed = false;
    const registry = new ProviderRegistry().register("vector_store", "slow", () => ({
      ...createInMemoryVectorStore(),
      close: () =>
        new Promise<void>((resolve) => setTimeout(() => resolve(void (closed = true)), 20)),
    }));
    const brain = await Astrocyte.fromConfig({ vector_store: "slow" }, { registry });
    void brain.close();
    await brain.close();
    expect(closed).toBe(true);
  });

  it("passes live objects of the document on to a factory as they are", async () => {
    class Client {
      ping(): string {
        return "pong";
      }
    }
    let answer = "";
    const registry = new ProviderRegistry().register("vector_store", "mine", ({ client }) => {
      answer = (client as Client).ping();
      return createInMemoryVectorStore();
    });
    const brain = await Astrocyte.fromConfig(
      { vector_store: "mine", vector_store_config: { client: new Client() } },
      { registry },
    );
    await brain.close();
    expect(answer).toBe("pong");
  });

  it("leaves passed providers open", async () => {
    const store = createInMemoryVectorStore();
    {
      await using brain = await Astrocyte.fromConfig({}, { providers: { vector_store: store } });
      await brain.retain("x", { bankId });
    }
    expect(await store.listVectors({ bankId })).toHaveLength(1);
  });

  it("uses one object for the same name and settings", async () => {
    let made = 0;
    const both = { ...createBrain().documentStore, ...createInMemoryVectorStore() };
    const factory = () => {
      made += 1;
      return both;
    };
    const registry = new ProviderRegistry()
      .register("vector_store", "mine", factory)
      .register("document_store", "mine", factory);
    const brain = await Astrocyte.fromConfig(
      { vector_store: "mine", document_store: "mine" },
      { registry },
    );
    expect(made).toBe(1);
    await brain.close();
  });

  it("closes what it made when a later part fails", async () => {
    let closed = 0;
    const registry = new ProviderRegistry().register("vector_store", "mine", () => ({
      ...createInMemoryVectorStore(),
      close: () => Promise.resolve(void (closed += 1)),
    }));
    const broken = Astrocyte.fromConfig(
      { vector_store: "mine", embedding_provider: "nowhere" },
      { registry },
    );
    await expect(broken).rejects.toMatchObject({ code: "ASTROCYTE_CONFIG" });
    expect(closed).toBe(1);
  });

  it.each<[string, object, object, string]>([
    ["no store at all", {}, {}, "No store is set"],
    ["an unknown name", { vector_store: "pinecone" }, {}, "in_memory, postgres, sqlite"],
    [
      "an engine tier without engine",
      { ...inMemory, provider_tier: "engine" },
      {},
      "no engine is set",
    ],
    ["a module nobody allowed", { vector_store: "evil-module:Store" }, {}, "did not allow"],
    ["an object that is no store", {}, { vector_store: { delete: () => 0 } }, "storeVectors"],
    [
      "a LangChain vector store that nobody knows",
      {},
      { vector_store: { addVectors: () => 0, similaritySearchVectorWithScore: () => 0 } },
      "is not among the known vector stores",
    ],
    ["an object that is no model", inMemory, { llm: {} }, "complete"],
  ])("refuses %s", async (_name, document, providers, reason) => {
    const call = Astrocyte.fromConfig(document as never, { providers });
    await expect(call).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
      message: expect.stringContaining(reason),
    });
  });
});

describe("new Astrocyte", () => {
  it("refuses stores that could not forget", () => {
    const { vectorStore, documentStore, graphStore } = createBrain();
    const { deleteDocuments: _a, ...documents } = documentStore;
    const { removeMemories: _b, ...graph } = graphStore;
    const capabilities = { ...vectorStore.capabilities, supportsDelete: false };
    for (const parts of [
      { vectorStore: { ...vectorStore, capabilities } },
      { vectorStore, documentStore: documents },
      { vectorStore, graphStore: graph },
    ]) {
      expect(() => new Astrocyte(parts)).toThrow(
        expect.objectContaining({ code: "ASTROCYTE_CONFIG" }),
      );
    }
  });

  it.each([
    ["a model that is none", { engine: createInMemoryEngine(), llm: { nope: 1 } }],
    ["a document store without vectors", { documentStore: createBrain().documentStore }],
    ["an unknown knob", { pipeline: { overfech: 3 } }],
    ["an unusable knob", { pipeline: { maxChunkSize: Number.NaN } }],
  ])("refuses %s", (_name, parts) => {
    expect(() => new Astrocyte(parts as never)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/CONFIG|INVALID_ARGUMENT/) }),
    );
  });

  it("without any provider says so on every call but health", async () => {
    const brain = new Astrocyte({});
    await expect(brain.recall("x", { bankId })).rejects.toMatchObject({ code: "ASTROCYTE_CONFIG" });
    expect(await brain.health()).toMatchObject({
      healthy: true,
      message: "No provider configured",
    });
  });

  it("answers an outage with an unhealthy status", async () => {
    const { vectorStore } = createBrain();
    vectorStore.health = () => Promise.reject(new Error("connection refused"));
    expect(await createBrain({ vectorStore }).brain.health()).toMatchObject({
      healthy: false,
      message: "connection refused",
    });
  });
});

describe("aborting", () => {
  const reason = new Error("enough");

  it("rejects every call with the signal's own reason, before anything happens", async () => {
    const { brain, vectorStore } = createBrain({ llm: createScriptedLLM({ responses: ["x"] }) });
    const options = { bankId, signal: AbortSignal.abort(reason) };
    for (const call of [
      () => brain.retain("x", options),
      () => brain.recall("x", options),
      () => brain.reflect("x", options),
      () => brain.forget({ ...options, scope: "all" }),
      () => brain.health({ signal: options.signal }),
    ]) {
      await expect(call()).rejects.toBe(reason);
    }
    expect(await vectorStore.listVectors({ bankId })).toEqual([]);
  });

  it("stores nothing when it comes during embedding", async () => {
    const controller = new AbortController();
    const { brain, vectorStore } = createBrain({
      embeddings: {
        spiVersion: 1,
        name: "slow",
        embed: async (texts) => {
          controller.abort(reason);
          return texts.map(() => [1]);
        },
      },
    });
    await expect(brain.retain("x", { bankId, signal: controller.signal })).rejects.toBe(reason);
    expect(await vectorStore.listVectors({ bankId })).toEqual([]);
  });
});

describe("with an engine", () => {
  it("hands every operation over", async () => {
    const brain = new Astrocyte({ engine: createInMemoryEngine() });
    const { memoryId = "" } = await brain.retain("dark mode", { bankId, tags: ["x"] });
    expect((await brain.recall("*", { bankId })).hits[0]).toMatchObject({
      memoryId,
      text: "dark mode",
    });
    expect(await brain.forget({ bankId, memoryIds: [memoryId] })).toMatchObject({
      deletedCount: 1,
    });
  });

  it("reflects by the chosen fallback when the engine cannot", async () => {
    const engine = createInMemoryEngine();
    const llm = createScriptedLLM({ responses: ["from the model"] });
    await new Astrocyte({ engine }).retain("dark mode", { bankId });
    const reflect = (options: object) =>
      new Astrocyte({ engine, ...options }).reflect("dark mode", { bankId });
    await expect(reflect({})).rejects.toMatchObject({ code: "ASTROCYTE_CAPABILITY_NOT_SUPPORTED" });
    expect(await reflect({ config: { fallback_strategy: "degrade" } })).toMatchObject({
      answer: "dark mode",
    });
    expect(await reflect({ config: { fallback_strategy: "local_llm" }, llm })).toMatchObject({
      answer: "from the model",
    });
    await expect(reflect({ config: { fallback_strategy: "local_llm" } })).rejects.toMatchObject({
      code: "ASTROCYTE_CAPABILITY_NOT_SUPPORTED",
    });
  });

  it("keeps to the engine's limits, and filters what it cannot", async () => {
    const engine = createInMemoryEngine();
    const limited = {
      ...engine,
      capabilities: {
        ...engine.capabilities,
        supportsTags: false,
        maxRetainBytes: 20,
        maxRecallResults: 2,
      },
    };
    const brain = new Astrocyte({ engine: limited });
    expect(await brain.retain("x".repeat(21), { bankId })).toMatchObject({
      stored: false,
      error: expect.any(String),
    });
    for (const tag of ["mine", "other"]) await brain.retain(`dark ${tag}`, { bankId, tags: [tag] });
    await brain.retain("dark more", { bankId });
    expect((await brain.recall("dark", { bankId, maxResults: 9 })).hits).toHaveLength(2);
    const { hits } = await brain.recall("dark", { bankId, tags: ["mine"] });
    expect(hits.every(({ tags }) => tags?.includes("mine"))).toBe(true);
  });

  it("does not pretend to forget", async () => {
    const engine = createInMemoryEngine();
    const brain = new Astrocyte({
      engine: { ...engine, capabilities: { ...engine.capabilities, supportsForget: false } },
    });
    await expect(brain.forget({ bankId, scope: "all" })).rejects.toMatchObject({
      code: "ASTROCYTE_CAPABILITY_NOT_SUPPORTED",
    });
  });
});
