import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte, type VectorItem, type VectorStore } from "astrocyte";
import {
  fromLangChainVectorStore,
  probeVectorStore,
  vectorStoreProfiles,
  type LangChainDocumentLike,
  type LangChainVectorStoreLike,
  type VectorStoreProfile,
} from "astrocyte/adapters/langchain";
import { createInMemoryVectorStore, hashedEmbedding } from "astrocyte/testing";
import { FakeVectorStore } from "@langchain/core/utils/testing";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../../support/postgres/server.js";
import { startPglite } from "../../support/postgres/start-pglite.js";
import {
  createLibsqlStore,
  createMemoryStore,
  createPgvectorStore,
  NoEmbeddings,
} from "./real-vector-stores.js";

const dimension = 16;
const bankId = "bank-1";

function memory(id: string, changes: Partial<VectorItem> = {}): VectorItem {
  const text = changes.text ?? `text of ${id}`;
  return { id, bankId, text, vector: hashedEmbedding(text, dimension), ...changes };
}

interface Kept {
  vector: number[];
  document: LangChainDocumentLike;
}

/** A store that keeps its promises, for tests to break one. */
class ListStore implements LangChainVectorStoreLike {
  rows: Kept[] = [];
  deletes: unknown[] = [];

  async addVectors(vectors: number[][], documents: LangChainDocumentLike[]): Promise<unknown> {
    for (const [index, document] of documents.entries()) {
      this.rows = this.rows.filter(({ document: { id } }) => id !== document.id);
      this.rows.push({ vector: vectors[index] ?? [], document });
    }
    return documents.map(({ id }) => id);
  }

  async similaritySearchVectorWithScore(query: number[], k: number): Promise<unknown> {
    const dot = (vector: readonly number[]) =>
      vector.reduce((sum, value, index) => sum + value * (query[index] ?? 0), 0);
    return this.rows
      .map(({ vector, document }): [LangChainDocumentLike, number] => [document, dot(vector)])
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, k);
  }

  async delete(parameters: { ids: string[] }): Promise<unknown> {
    this.deletes.push(parameters);
    const gone = new Set(parameters.ids);
    this.rows = this.rows.filter(({ document: { id = "" } }) => !gone.has(id));
    return undefined;
  }
}

const plain: VectorStoreProfile = {
  score: "similarity",
  ids: "options.ids",
  idsAreUuids: false,
  upserts: true,
  deletes: true,
  filter: "none",
  isDurable: false,
};

const adapted = (store: LangChainVectorStoreLike, profile: Partial<VectorStoreProfile> = {}) =>
  fromLangChainVectorStore(store, { profile: { ...plain, ...profile } });

async function ids(store: VectorStore, text: string, limit = 10): Promise<string[]> {
  const hits = await store.searchSimilar(hashedEmbedding(text, dimension), { bankId, limit });
  return hits.map(({ id }) => id);
}

describe("a store that", () => {
  it("brings up foreign documents and other banks' finds only what is asked for", async () => {
    const langchain = new ListStore();
    await langchain.addVectors(
      [hashedEmbedding("text of a", dimension), hashedEmbedding("text of a", dimension)],
      [
        { pageContent: "text of a", metadata: {}, id: "foreign" },
        {
          pageContent: "text of a",
          metadata: { astrocyte_bank: bankId, astrocyte_id: "forged", astrocyte_version: "1" },
          id: "forged",
        },
      ],
    );
    const store = adapted(langchain);
    await store.storeVectors([memory("a"), memory("b", { bankId: "other", text: "text of a" })]);
    expect(await ids(store, "text of a")).toEqual(["a"]);
    // What is not ours is left where it is.
    await store.clearBank({ bankId });
    expect(langchain.rows.map(({ document: { id } }) => id)).toContain("foreign");
  });

  it("damages texts and metadata gives them back whole", async () => {
    const langchain = new ListStore();
    const add = langchain.addVectors.bind(langchain);
    langchain.addVectors = (vectors, documents) =>
      add(
        vectors,
        documents.map((one) => ({ ...one, pageContent: one.pageContent.slice(0, 2) })),
      );
    const store = adapted(langchain);
    const item = memory("a", {
      metadata: { lc: 1, "a.b": null, n: 1.5 },
      tags: ["x"],
      occurredAt: "2026-01-01T00:00:00+00:00",
    });
    await store.storeVectors([item]);
    const [{ score, ...hit } = { score: 0 }] = await store.searchSimilar(item.vector, { bankId });
    const { bankId: _bank, vector: _vector, ...fields } = item;
    expect(hit).toEqual(fields);
    expect(score).toBeCloseTo(1, 6);
  });

  it.each([
    ["no scores", undefined],
    ["no numbers", Number.NaN],
    ["distances", -1],
  ])("gives %s is ordered by cosine all the same", async (_what, score) => {
    const langchain = new ListStore();
    const search = langchain.similaritySearchVectorWithScore.bind(langchain);
    langchain.similaritySearchVectorWithScore = async (query, k) => {
      const found = (await search(query, k)) as [LangChainDocumentLike, number][];
      return found.map(([document]) => [document, score]).toReversed();
    };
    const store = adapted(langchain);
    await store.storeVectors([memory("a"), memory("b", { text: "quite another" })]);
    expect((await ids(store, "text of a"))[0]).toBe("a");
  });

  it("keeps what was replaced does not find it again", async () => {
    const langchain = new ListStore();
    langchain.addVectors = async (vectors, documents) => {
      for (const [index, document] of documents.entries()) {
        langchain.rows.push({ vector: vectors[index] ?? [], document });
      }
      return undefined;
    };
    const store = fromLangChainVectorStore(langchain, {
      profile: { ...plain, upserts: false, deletes: false, ids: "none" },
      allowUndeletable: true,
    });
    await store.storeVectors([memory("a", { text: "green tea" })]);
    await store.storeVectors([memory("a", { text: "black coffee" })]);
    const hits = await store.searchSimilar(hashedEmbedding("green tea", dimension), { bankId });
    expect(hits.map(({ text }) => text)).toEqual(["black coffee"]);
    expect(store.capabilities).toMatchObject({ supportsDelete: true, erases: false });
    expect(await store.delete(["a"], { bankId })).toBe(1);
    expect(await ids(store, "black coffee")).toEqual([]);
    expect(langchain.deletes).toEqual([]);
  });

  it("is crowded with other banks' fills the limit all the same", async () => {
    const store = adapted(new ListStore());
    const others = Array.from({ length: 1500 }, (_, index) =>
      memory(`o${index}`, { bankId: "other", text: "text of a" }),
    );
    await store.storeVectors([...others, ...["a", "b", "c"].map((id) => memory(id))]);
    expect((await ids(store, "text of a", 3)).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("fails to add leaves nothing behind, and what it should replace as it was", async () => {
    const langchain = new ListStore();
    const store = adapted(langchain, { upserts: false });
    await store.storeVectors([memory("a", { text: "green tea" })]);
    const add = langchain.addVectors.bind(langchain);
    let calls = 0;
    langchain.addVectors = async (vectors, documents) => {
      calls += 1;
      if (calls > 1) return add(vectors, documents);
      await add(vectors.slice(0, 1), documents.slice(0, 1));
      throw new Error("connection lost");
    };
    const items = [memory("a", { text: "black coffee" }), memory("b")];
    await expect(store.storeVectors(items)).rejects.toThrow("connection lost");
    const texts = (await store.listVectors({ bankId })).map(({ text }) => text);
    expect(texts).toEqual(["green tea"]);
    expect(langchain.rows.map(({ document }) => document.pageContent)).toEqual(["green tea"]);
    expect(await ids(store, "green tea")).toEqual(["a"]);
  });

  it("fails to delete has forgotten nothing, and can be asked again", async () => {
    const langchain = new ListStore();
    const store = adapted(langchain);
    await store.storeVectors([memory("a")]);
    const remove = langchain.delete.bind(langchain);
    langchain.delete = () => Promise.reject(new Error("connection lost"));
    await expect(store.delete(["a"], { bankId })).rejects.toThrow("connection lost");
    expect(await ids(store, "text of a")).toEqual(["a"]);
    langchain.delete = remove;
    expect(await store.delete(["a"], { bankId })).toBe(1);
    expect(langchain.rows).toEqual([]);
  });

  it("refuses unknown ids can forget what a write that was cut off left in the book", async () => {
    const langchain = new ListStore();
    const idIndex = createInMemoryVectorStore();
    const remove = langchain.delete.bind(langchain);
    langchain.delete = async (parameters) => {
      const known = new Set(langchain.rows.map(({ document: { id } }) => id));
      if (!parameters.ids.every((id) => known.has(id))) throw new Error("unknown id");
      return remove(parameters);
    };
    const store = fromLangChainVectorStore(langchain, { profile: plain, idIndex });
    await store.storeVectors([memory("a"), memory("b")]);
    langchain.rows = langchain.rows.filter(({ document }) => document.pageContent !== "text of a");
    expect(await store.delete(["a", "b"], { bankId })).toBe(2);
    expect(langchain.rows).toEqual([]);
  });

  it("makes its own ids deletes by them, also when they were never entered", async () => {
    const langchain = new ListStore();
    let next = 0;
    langchain.addVectors = async (vectors, documents) =>
      documents.map((document, index) => {
        const id = `row-${(next += 1)}`;
        langchain.rows.push({ vector: vectors[index] ?? [], document: { ...document, id } });
        return id;
      });
    const idIndex = createInMemoryVectorStore();
    const profile = { ...plain, ids: "returned", upserts: false } as const;
    const store = fromLangChainVectorStore(langchain, { profile, idIndex });
    await store.storeVectors([memory("a"), memory("b")]);
    const [a] = await idIndex.listVectors({ bankId });
    if (a === undefined) throw new Error("nothing in the book");
    const { _langchain_id: _id, ...metadata } = a.metadata ?? {};
    await idIndex.storeVectors([{ ...a, metadata }]);
    expect(await store.delete(["a"], { bankId })).toBe(1);
    expect(langchain.rows.map(({ document: { id } }) => id)).toEqual(["row-2"]);
  });

  it.each(["returned", "options.ids"] as const)(
    "was killed in the middle of a replacement is rid of both by one forget, ids: %s",
    async (place) => {
      const langchain = new ListStore();
      let next = 0;
      const add = langchain.addVectors.bind(langchain);
      langchain.addVectors = (vectors, documents) =>
        add(
          vectors,
          documents.map((document) =>
            place === "returned" ? { ...document, id: `row-${(next += 1)}` } : document,
          ),
        );
      const book = createInMemoryVectorStore();
      const profile = { ...plain, ids: place, upserts: false };
      const store = fromLangChainVectorStore(langchain, { profile, idIndex: book });
      await store.storeVectors([memory("a", { text: "green tea" }), memory("b")]);
      // What a process that ends here never does.
      const never = new Promise<never>(() => {});
      const remove = langchain.delete.bind(langchain);
      langchain.delete = () => never;
      void store.storeVectors([memory("a", { text: "black coffee" }), memory("b", { vector: [] })]);
      await expect
        .poll(async () => (await book.getByIds(["a"], { bankId }))[0]?.text)
        .toBe("black coffee");
      langchain.delete = remove;
      const after = fromLangChainVectorStore(langchain, { profile, idIndex: book });
      expect(langchain.rows).toHaveLength(2);
      expect(await after.delete(["a", "b"], { bankId })).toBe(2);
      expect(langchain.rows).toEqual([]);
    },
  );

  it("is gone when a write is undone keeps in the book what it may have", async () => {
    const langchain = new ListStore();
    const store = adapted(langchain);
    const add = langchain.addVectors.bind(langchain);
    const remove = langchain.delete.bind(langchain);
    langchain.addVectors = async (vectors, documents) => {
      await add(vectors, documents);
      throw new Error("connection lost");
    };
    langchain.delete = () => Promise.reject(new Error("connection lost"));
    await expect(store.storeVectors([memory("a")])).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
    });
    expect(langchain.rows).toHaveLength(1);
    Object.assign(langchain, { addVectors: add, delete: remove });
    expect(await store.delete(["a"], { bankId })).toBe(1);
    expect(langchain.rows).toEqual([]);
  });

  it("is asked to delete gets ids and nothing else, and never an empty list", async () => {
    const langchain = new ListStore();
    const store = adapted(langchain);
    await store.storeVectors([memory("a"), memory("empty", { vector: [] })]);
    await store.delete([], { bankId });
    await store.delete(["unknown", "empty"], { bankId });
    await store.clearBank({ bankId: "nobody" });
    expect(langchain.deletes).toEqual([]);
    await store.clearBank({ bankId });
    expect(langchain.deletes).toEqual([{ ids: [expect.stringMatching(/^[0-9a-f-]{36}$/)] }]);
  });
});

describe("a durable book", () => {
  const folder = mkdtempSync(join(tmpdir(), "astrocyte-langchain-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("knows after a restart what to list and to forget", async () => {
    const langchain = new ListStore();
    const indexPath = join(folder, "book.db");
    const profile = { ...plain, isDurable: true };
    const before = fromLangChainVectorStore(langchain, { profile, indexPath });
    await before.storeVectors([memory("a"), memory("b")]);
    await before.close();
    const after = fromLangChainVectorStore(langchain, { profile, indexPath });
    expect((await after.listVectors({ bankId })).map(({ id }) => id)).toEqual(["a", "b"]);
    expect(await ids(after, "text of b", 1)).toEqual(["b"]);
    expect(await after.delete(["a", "b"], { bankId })).toBe(2);
    expect(langchain.rows).toEqual([]);
    await after.close();
  });

  it("is asked for where documents outlive the process", () => {
    expect(() => adapted(new ListStore(), { isDurable: true })).toThrow(/indexPath/);
  });
});

describe("what is refused", () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      "an unknown class",
      () => fromLangChainVectorStore(new ListStore()),
      /ListStore.*probeVectorStore/,
    ],
    [
      "a class that only says it is another",
      () => fromLangChainVectorStore(new FakeVectorStore(new NoEmbeddings())),
      /FakeVectorStore is not among/,
    ],
    [
      "a store that cannot delete",
      () => fromLangChainVectorStore(createMemoryStore()),
      /allowUndeletable/,
    ],
    [
      "an index that cannot list",
      () =>
        fromLangChainVectorStore(new ListStore(), {
          profile: plain,
          idIndex: {
            ...createInMemoryVectorStore(),
            capabilities: { ...createInMemoryVectorStore().capabilities, supportsListing: false },
          },
        }),
      /idIndex/,
    ],
    [
      "two indexes",
      () =>
        fromLangChainVectorStore(new ListStore(), {
          profile: plain,
          idIndex: createInMemoryVectorStore(),
          indexPath: "x.db",
        }),
      /not both/,
    ],
  ])("%s", (_what, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "ASTROCYTE_CONFIG" }));
  });
});

let server: TestServer | undefined;
const opened: { end(): Promise<void> }[] = [];
beforeAll(async () => {
  server = await startPglite();
}, 60_000);
afterAll(async () => {
  for (const store of opened) await store.end();
  await server?.stop();
});

async function pgvector() {
  if (server === undefined) throw new Error("the server did not start");
  const store = await createPgvectorStore(server.url, dimension);
  opened.push(store);
  return store;
}

const idIndex = () => createInMemoryVectorStore();

/** Every kind of store that runs here. */
const reals: Readonly<Record<string, () => Promise<VectorStore>>> = {
  MemoryVectorStore: async () =>
    fromLangChainVectorStore(createMemoryStore(), { allowUndeletable: true }),
  LibSQLVectorStore: async () =>
    fromLangChainVectorStore(await createLibsqlStore(dimension), { idIndex: idIndex() }),
  PGVectorStore: async () => fromLangChainVectorStore(await pgvector(), { idIndex: idIndex() }),
  FakeVectorStore: async () =>
    fromLangChainVectorStore(new FakeVectorStore(new NoEmbeddings()), {
      profile: { ...vectorStoreProfiles.MemoryVectorStore, ids: "none" },
      allowUndeletable: true,
    }),
  "a store of no promises": async () => adapted(new ListStore()),
};

const banks = [
  "acme",
  "acme-corp",
  "acmeX",
  "acme:1",
  "acme:10",
  "user_123",
  "userA123",
  "a.b@c.com",
  "50%",
  "50_",
  "o'neil",
  'say "hi"',
  "日本",
  "é",
  "e\u0301",
  "*",
  "x; DROP TABLE",
  "a\\b",
];

describe.each(Object.entries(reals))("%s", (name, create) => {
  // A quarter of a second each would be long over a socket.
  const probes = name === "PGVectorStore" ? 1000 : 2500;

  it(`brings up nothing foreign in ${probes} searches of banks with alike names`, async () => {
    const store = await create();
    const items = banks.flatMap((bank, index) =>
      Array.from({ length: 8 }, (_, place) =>
        memory(`m${place}`, {
          bankId: bank,
          text: `canary ${index} number ${place}`,
          tags: [`t${place % 2}`],
        }),
      ),
    );
    await store.storeVectors(items);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(banks.length - 1),
        fc.nat(banks.length - 1),
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.constantFrom("t0", "t1"), { nil: undefined }),
        async (asked, about, limit, tag) => {
          const query = hashedEmbedding(`canary ${about} number 3`, dimension);
          const filters = tag === undefined ? undefined : { tags: [tag] };
          const hits = await store.searchSimilar(query, {
            bankId: banks[asked] ?? "",
            limit,
            filters,
          });
          expect(hits.length).toBe(Math.min(limit, tag === undefined ? 8 : 4));
          for (const { text, tags } of hits) {
            expect(text.startsWith(`canary ${asked} `)).toBe(true);
            expect(tag === undefined || tags?.includes(tag)).toBe(true);
          }
        },
      ),
      { numRuns: probes },
    );
  }, 120_000);
});

it("catches an adapter that does not look at the bank", async () => {
  const langchain = new ListStore();
  const store = adapted(langchain);
  await store.storeVectors([memory("a"), memory("b", { bankId: "other" })]);
  const naive = (await langchain.similaritySearchVectorWithScore(
    hashedEmbedding("text of b", dimension),
    10,
  )) as [LangChainDocumentLike, number][];
  expect(naive.map(([{ metadata }]) => metadata["astrocyte_bank"])).toContain("other");
});

describe("a brain on a LangChain store", () => {
  it("remembers and forgets, from a configuration", async () => {
    const langchain = createMemoryStore();
    const document = {
      embedding_provider: "mock",
      vector_store_config: { allow_undeletable: true },
    };
    const brain = await Astrocyte.fromConfig(document, { providers: { vector_store: langchain } });
    await brain.retainMany(
      [{ content: "Ann likes green tea." }, { content: "Bob likes coffee." }],
      { bankId },
    );
    const { hits } = await brain.recall("who likes green tea?", { bankId, maxResults: 1 });
    expect(hits[0]?.text).toBe("Ann likes green tea.");
    const forgotten = await brain.clearBank(bankId);
    expect(forgotten).toMatchObject({
      deletedCount: 2,
      receipt: { verified: true, erased: false },
    });
    expect((await brain.recall("tea", { bankId })).hits).toEqual([]);
    await brain.close();
  });

  it.each([
    [{ path: "x" }, "unknown key path"],
    [{ index_path: 5 }, "index_path"],
    [{}, "allowUndeletable"],
  ])("refuses the settings %j", async (settings, message) => {
    const call = Astrocyte.fromConfig(
      { vector_store_config: settings },
      { providers: { vector_store: createMemoryStore() } },
    );
    await expect(call).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
      message: expect.stringContaining(message),
    });
  });
});

describe("probeVectorStore", () => {
  it("finds what is known of real stores", async () => {
    const { isDurable: _a, ...inMemory } = vectorStoreProfiles.MemoryVectorStore;
    expect(
      await probeVectorStore(createMemoryStore(), { dimension, isDurable: false }),
    ).toMatchObject({
      // A document of the same id stands beside the first, and its id comes back.
      profile: { ...inMemory, ids: "options.ids", idsAreUuids: true },
      leftBehind: Array.from({ length: 4 }, () => expect.stringMatching(/^astrocyte probe \d$/)),
    });
    expect(await probeVectorStore(await createLibsqlStore(dimension), { dimension })).toMatchObject(
      {
        profile: vectorStoreProfiles.LibSQLVectorStore,
        leftBehind: [],
      },
    );
    expect(await probeVectorStore(await pgvector(), { dimension })).toMatchObject({
      profile: vectorStoreProfiles.PGVectorStore,
      leftBehind: [],
      notes: ["a second document of the same id is refused"],
    });
  });

  it("finds a profile that works", async () => {
    for (const langchain of [new ListStore(), await createLibsqlStore(dimension)]) {
      const { profile } = await probeVectorStore(langchain, { dimension });
      const store = fromLangChainVectorStore(langchain, { profile, idIndex: idIndex() });
      await store.storeVectors([memory("a"), memory("b")]);
      await store.storeVectors([memory("a", { text: "changed" })]);
      expect(await store.delete(["b"], { bankId })).toBe(1);
      expect(await ids(store, "changed")).toEqual(["a"]);
    }
  });

  it("sees a delete that deletes nothing, one that deletes all, and places for scores", async () => {
    const idle = new ListStore();
    idle.delete = async () => undefined;
    const first = await probeVectorStore(idle, { dimension });
    expect(first).toMatchObject({
      profile: { deletes: false },
      notes: [expect.stringContaining("deletes nothing")],
    });
    expect(first.leftBehind).toHaveLength(3);
    const greedy = new ListStore();
    greedy.delete = async () => void (greedy.rows = []);
    expect(await probeVectorStore(greedy, { dimension })).toMatchObject({
      profile: { deletes: false },
    });
    const ranked = new ListStore();
    const search = ranked.similaritySearchVectorWithScore.bind(ranked);
    ranked.similaritySearchVectorWithScore = async (query, k) =>
      ((await search(query, k)) as unknown[][]).map(([document], place) => [document, place]);
    expect(await probeVectorStore(ranked, { dimension })).toMatchObject({
      profile: { score: "rank" },
    });
  });

  it("needs a dimension, and a store that finds what it took", async () => {
    await expect(probeVectorStore(new ListStore())).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
    });
    const deaf = new ListStore();
    deaf.addVectors = async () => undefined;
    await expect(probeVectorStore(deaf, { dimension })).rejects.toThrow("0 were found");
  });
});
