import { InMemoryRecordManager } from "@langchain/community/indexes/memory";
import { Document } from "@langchain/core/documents";
import { index } from "@langchain/core/indexing";
import { VectorStore } from "@langchain/core/vectorstores";
import type { VectorItem, VectorStore as VectorStoreProvider } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { AstrocyteVectorStore } from "astrocyte/adapters/langchain";
import { createInMemoryVectorStore, HashedEmbeddings } from "astrocyte/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

const embeddings = new HashedEmbeddings();
const folder = mkdtempSync(join(tmpdir(), "astrocyte-langchain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let file = 0;
const stores: [string, () => Promise<VectorStoreProvider>][] = [
  ["memory", () => Promise.resolve(createInMemoryVectorStore())],
  ["sqlite", () => createSqliteStore({ path: join(folder, `${(file += 1)}.db`) })],
];

/** Two steps within one millisecond would look like one, and what was just indexed like something old. */
class TickingRecordManager extends InMemoryRecordManager {
  #now = 0;

  override getTime(): Promise<number> {
    return Promise.resolve((this.#now += 1));
  }
}

function doc(pageContent: string, metadata: Record<string, unknown> = {}, id?: string): Document {
  return new Document({ pageContent, metadata, ...(id === undefined ? {} : { id }) });
}

const fruit = [
  doc("apples are red", { kind: "apple", year: 2024 }, "a"),
  doc("pears are green", { kind: "pear", year: 2025 }, "p"),
  doc("plums are blue", { kind: "plum", year: 2025 }, "u"),
];

describe.each(stores)("over %s", (_name, open) => {
  let store: VectorStoreProvider;
  let vectors: AstrocyteVectorStore;
  beforeEach(async () => {
    store = await open();
    vectors = await AstrocyteVectorStore.fromDocuments(fruit, embeddings, {
      store,
      bankId: "fruit",
    });
  });
  afterEach(() => store.close?.());

  async function search(query: string, k?: number, filter?: AstrocyteVectorStore["FilterType"]) {
    return (await vectors.similaritySearch(query, k, filter)).map(({ id }) => id);
  }

  it("finds the nearest first, with similarities, ids and metadata", async () => {
    const found = await vectors.similaritySearchWithScore("apples are red", 2);
    expect(found[0]?.[0]).toEqual(fruit[0]);
    expect(found[0]?.[1]).toBeCloseTo(1, 5);
    expect(found[0]?.[1]).toBeGreaterThan(found[1]?.[1] ?? 1);
    expect(vectors).toBeInstanceOf(VectorStore);
    expect(vectors.lc_namespace).toEqual(["langchain", "vectorstores", "astrocyte"]);
  });

  it("takes ids from the options, else from the documents, else makes them, and upserts", async () => {
    const added = await vectors.addDocuments(
      [doc("figs", {}, "own"), doc("kiwis", {}, "own2"), doc("limes")],
      {
        ids: ["given", undefined, undefined],
      },
    );
    expect(added).toEqual(["given", "own2", expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    await vectors.addDocuments([doc("apples are yellow", { kind: "apple" }, "a")]);
    const apples = await vectors.similaritySearch("apples are yellow", 10, { kind: "apple" });
    expect(apples).toEqual([doc("apples are yellow", { kind: "apple" }, "a")]);
    expect(
      await vectors.addDocuments([doc("first", {}, "same"), doc("second", {}, "same")]),
    ).toEqual(["same", "same"]);
    expect((await vectors.similaritySearch("second", 1))[0]?.pageContent).toBe("second");
  });

  it("keeps nested metadata as it was", async () => {
    const metadata = {
      loc: { lines: { from: 1, to: 2 } },
      tags: ["x"],
      n: null,
      lc: 1,
      text: "t",
      skipped: undefined,
    };
    await vectors.addDocuments([doc("nested", metadata, "n")]);
    const [found] = await vectors.similaritySearch("nested", 1);
    const { skipped: _skipped, ...kept } = metadata;
    expect(found?.metadata).toEqual(kept);
  });

  it("filters by object and by function, and fills k all the same", async () => {
    const many = Array.from({ length: 60 }, (_, at) =>
      doc(`apples are red ${at}`, { kind: "many" }, `m${at}`),
    );
    await vectors.addDocuments(many);
    expect(await search("apples are red", 1, { kind: "plum" })).toEqual(["u"]);
    expect(
      await search("apples are red", 2, (found) => found.metadata["year"] === 2025),
    ).toHaveLength(2);
    expect(await search("pears are green", 9, { kind: "pear", year: 2024 })).toEqual([]);
    expect(await search("pears are green", 0)).toEqual([]);
  });

  it("refuses operators, which would find what they should not", async () => {
    await expect(search("x", 1, { year: { $gt: 2024 } } as never)).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
    await expect(search("x", 1, "kind = 'pear'" as never)).rejects.toThrow("expected an object");
  });

  it("deletes by ids and by filter, and never for want of either", async () => {
    await vectors.delete({ ids: ["a", "unknown"] });
    expect(await search("apples are red", 9)).not.toContain("a");
    await vectors.delete({ filter: { kind: "pear" } });
    await vectors.delete({ filter: ({ pageContent }) => pageContent.startsWith("plums") });
    expect(await search("are", 9)).toEqual([]);
    for (const nothing of [undefined, {}, { filter: {} }, { ids: ["a"], filter: { kind: "a" } }]) {
      await expect(vectors.delete(nothing)).rejects.toMatchObject({
        code: "ASTROCYTE_INVALID_ARGUMENT",
      });
    }
  });

  it("diversifies by marginal relevance", async () => {
    await vectors.addDocuments([doc("apples are red", {}, "a2"), doc("apples are red", {}, "a3")]);
    const found = await vectors.maxMarginalRelevanceSearch("apples are red", {
      k: 2,
      fetchK: 5,
      lambda: 0.1,
    });
    expect(found.map(({ pageContent }) => pageContent)).toContain("apples are red");
    expect(new Set(found.map(({ pageContent }) => pageContent)).size).toBe(2);
    const retriever = vectors.asRetriever({
      searchType: "mmr",
      k: 2,
      searchKwargs: { lambda: 0.1 },
    });
    expect(await retriever.invoke("apples are red")).toEqual(found);
  });

  it("serves as a retriever with a filter", async () => {
    const retriever = vectors.asRetriever({ k: 3, filter: { year: 2025 } });
    const found = await retriever.invoke("apples");
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set(["p", "u"]));
  });

  it("opens what is there already", async () => {
    const again = await AstrocyteVectorStore.fromExistingIndex(embeddings, {
      store,
      bankId: "fruit",
    });
    expect(await again.similaritySearch("plums are blue", 1)).toEqual([fruit[2]]);
    const other = await AstrocyteVectorStore.fromTexts(
      ["one", "two"],
      [{ n: 1 }, { n: 2 }],
      embeddings,
      { store, bankId: "other" },
    );
    expect(await other.similaritySearch("two", 1, { n: 2 })).toMatchObject([
      { pageContent: "two" },
    ]);
    expect(await search("two", 9)).toHaveLength(3);
  });

  it("is kept in step by LangChain's index()", async () => {
    const recordManager = new TickingRecordManager();
    await recordManager.createSchema();
    const bank = new AstrocyteVectorStore(embeddings, { store, bankId: "indexed" });
    const run = (docs: Document[]) =>
      index({
        docsSource: docs,
        recordManager,
        vectorStore: bank,
        options: { cleanup: "full", sourceIdKey: "source" },
      });
    const [one, two] = [doc("one", { source: "1" }), doc("two", { source: "2" })];
    expect(await run([one, two])).toMatchObject({ numAdded: 2, numDeleted: 0 });
    expect(await run([one, two])).toMatchObject({ numAdded: 0, numSkipped: 2 });
    expect(await run([one, doc("two, changed", { source: "2" })])).toMatchObject({
      numAdded: 1,
      numDeleted: 1,
      numSkipped: 1,
    });
    const texts = (await bank.similaritySearch("two", 9)).map(({ pageContent }) => pageContent);
    expect(texts.toSorted()).toEqual(["one", "two, changed"]);
  });

  it.each([
    [
      "an empty text",
      () => vectors.addDocuments([doc("fine"), doc("")]),
      "documents[1].pageContent",
    ],
    [
      "too few ids",
      () => vectors.addDocuments([doc("x")], { ids: [] }),
      "ids: expected one a document",
    ],
    [
      "too few vectors",
      () => vectors.addVectors([], [doc("x")]),
      "vectors: expected one a document",
    ],
    [
      "a cycle",
      () => {
        const cyclic: Record<string, unknown> = {};
        cyclic["self"] = cyclic;
        return vectors.addDocuments([doc("x", { cyclic })]);
      },
      "cannot be written as JSON",
    ],
    [
      "metadata that is none",
      () => vectors.addDocuments([{ pageContent: "x", metadata: [] }]),
      "expected an object",
    ],
    [
      "a polluting key",
      () =>
        vectors.addDocuments([
          doc("x", JSON.parse('{"__proto__":"p"}') as object as Record<string, unknown>),
        ]),
      "__proto__",
    ],
    [
      "texts without metadata",
      () => AstrocyteVectorStore.fromTexts(["a", "b"], [{}], embeddings, { store, bankId: "x" }),
      "metadatas",
    ],
  ])("refuses %s, and stores nothing", async (_what, add, reason) => {
    await expect(add()).rejects.toThrow(reason);
    expect(await search("fine", 99)).toHaveLength(3);
  });

  it("needs a bank and a store", () => {
    expect(() => new AstrocyteVectorStore(embeddings, { store } as never)).toThrow("bank id");
    expect(() => new AstrocyteVectorStore(embeddings, { store: {}, bankId: "b" } as never)).toThrow(
      "is not a VectorStore",
    );
  });

  it("passes an abort on", async () => {
    const reason = new Error("enough");
    await expect(
      vectors.addDocuments([doc("x")], { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

/** A store that knows no filters, cannot give vectors by id, and, as it is told, cannot delete or list. */
function poorStore(
  capabilities: Partial<VectorStoreProvider["capabilities"]> = {},
): VectorStoreProvider {
  const { getByIds: _getByIds, ...store } = createInMemoryVectorStore();
  return {
    ...store,
    capabilities: { ...store.capabilities, honouredFilters: [], ...capabilities },
    searchSimilar: (query, { filters: _filters, ...options }) =>
      store.searchSimilar(query, options),
  };
}

describe("over a store that does less", () => {
  it("filters what comes back, asks for more, and embeds again for marginal relevance", async () => {
    const vectors = await AstrocyteVectorStore.fromDocuments(
      [
        ...Array.from({ length: 30 }, (_, at) =>
          doc("same words", { n: at }, `s${String(at).padStart(2, "0")}`),
        ),
        doc("other", { n: 99 }, "z"),
      ],
      embeddings,
      { store: poorStore(), bankId: "b" },
    );
    expect(
      (await vectors.similaritySearch("same words", 1, { n: 99 })).map(({ id }) => id),
    ).toEqual(["z"]);
    const found = await vectors.maxMarginalRelevanceSearch("same words", {
      k: 2,
      fetchK: 40,
      lambda: 0,
    });
    expect(found.map(({ pageContent }) => pageContent).toSorted()).toEqual(["other", "same words"]);
  });

  it("says what it cannot do", async () => {
    const config = { bankId: "b" };
    const undeletable = new AstrocyteVectorStore(embeddings, {
      ...config,
      store: poorStore({ supportsDelete: false }),
    });
    await expect(undeletable.delete({ ids: ["a"] })).rejects.toMatchObject({
      code: "ASTROCYTE_CAPABILITY_NOT_SUPPORTED",
    });
    const unlisted = new AstrocyteVectorStore(embeddings, {
      ...config,
      store: poorStore({ supportsListing: false }),
    });
    await expect(unlisted.delete({ filter: { a: 1 } })).rejects.toMatchObject({
      code: "ASTROCYTE_CAPABILITY_NOT_SUPPORTED",
    });
  });

  it("deletes nothing that a store lists of another bank", async () => {
    const store = createInMemoryVectorStore();
    const leaking: VectorStoreProvider = {
      ...store,
      listVectors: async (): Promise<VectorItem[]> => [
        { id: "x", bankId: "other", vector: [], text: "t", metadata: { a: 1 } },
      ],
      delete: () => Promise.reject(new Error("must not be called")),
    };
    await new AstrocyteVectorStore(embeddings, { store: leaking, bankId: "b" }).delete({
      filter: { a: 1 },
    });
  });
});
