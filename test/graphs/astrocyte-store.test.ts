import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AsyncBatchedStore,
  InMemoryStore,
  MessagesAnnotation,
  StateGraph,
  type BaseStore,
  type LangGraphRunnableConfig,
} from "@langchain/langgraph";
import { Astrocyte } from "astrocyte";
import { AstrocyteStore, type AstrocyteStoreOptions } from "astrocyte/graphs";
import { FakeClock } from "astrocyte/testing";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";

const users = ["users", "ana"];

function createStore(
  options: Partial<AstrocyteStoreOptions> = {},
  parts: Parameters<typeof createBrain>[0] = {},
) {
  const subject = createBrain(parts);
  return { ...subject, store: new AstrocyteStore({ brain: subject.brain, ...options }) };
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "astrocyte-store-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "memory.db");
}

async function openFile(file: string): Promise<Astrocyte> {
  const brain = await Astrocyte.fromConfig({
    vector_store: "sqlite",
    vector_store_config: { path: file },
  });
  cleanups.push(() => brain.close());
  return brain;
}

/** What two stores can agree on. */
const bare = (subject: BaseStore, ...[prefix, options]: Parameters<BaseStore["search"]>) =>
  subject
    .search(prefix, options)
    .then((items) => items.map(({ key, namespace, value }) => ({ key, namespace, value })));

/** The ways by which LangGraph reaches a store. */
const ways: readonly [string, (store: BaseStore) => { store: BaseStore; stop: () => void }][] = [
  ["directly", (store) => ({ store, stop: () => undefined })],
  [
    "through AsyncBatchedStore",
    (store) => {
      const batched = new AsyncBatchedStore(store);
      batched.start();
      return { store: batched, stop: () => batched.stop() };
    },
  ],
];

describe.each(ways)("AstrocyteStore %s", (_name, wrap) => {
  function open(...parts: Parameters<typeof createStore>) {
    const subject = createStore(...parts);
    const { store, stop } = wrap(subject.store);
    cleanups.push(stop);
    return { ...subject, own: subject.store, store };
  }

  it("gives back what was put, as copies, and null for what is not there", async () => {
    const { store } = open();
    const value = { text: "likes tea", list: [1, { deep: null }], at: new Date(5), n: -0.5 };
    await store.put(users, "k", value);
    value.list.push(2);
    const item = await store.get(users, "k");
    expect(item).toMatchObject({ key: "k", namespace: users });
    expect(item?.value).toEqual({
      text: "likes tea",
      list: [1, { deep: null }],
      at: new Date(5),
      n: -0.5,
    });
    expect(item?.createdAt).toBeInstanceOf(Date);
    item?.value["list"].push(3);
    expect((await store.get(users, "k"))?.value["list"]).toHaveLength(2);
    expect(await store.get(users, "other")).toBeNull();
    expect(await store.get(["users", "nobody"], "k")).toBeNull();
  });

  it("keeps puts of equal text under different keys", async () => {
    const { store } = open();
    await store.put(users, "a", { text: "the same words" });
    await store.put(users, "b", { text: "the same words" });
    expect((await store.search(users)).map(({ key }) => key)).toEqual(["a", "b"]);
  });

  it("replaces a value, keeps when it was created, and forgets the old text", async () => {
    const { store, brain, own, clock } = open();
    await store.put(users, "k", { text: "plays the violin" });
    clock.advance(5_000);
    await store.put(users, "k", { text: "sails on Sundays" });
    const item = await store.get(users, "k");
    expect(item?.value).toEqual({ text: "sails on Sundays" });
    expect(Number(item?.updatedAt) - Number(item?.createdAt)).toBe(5_000);
    const { hits } = await brain.recall("violin", { bankId: own.bankIdOf(users) });
    expect(hits.map(({ text }) => text)).toEqual(["sails on Sundays"]);
  });

  it("deletes the value and what searches find, and takes a missing key", async () => {
    const { store, brain, own } = open();
    await store.put(users, "k", { text: "plays the violin" });
    await store.delete(users, "k");
    await store.delete(users, "never");
    expect(await store.get(users, "k")).toBeNull();
    expect(await store.search(users, { query: "violin" })).toEqual([]);
    expect((await brain.recall("violin", { bankId: own.bankIdOf(users) })).hits).toEqual([]);
  });

  it("ranks by a query, with scores in [0, 1] that do not rise, and pages that do not overlap", async () => {
    const { store } = open();
    const topics = ["sailing boats", "baking bread", "alpine skiing", "reading novels"];
    for (const [at, text] of topics.entries()) await store.put(users, `k${at}`, { text });
    const all = await store.search(users, { query: "who bakes bread?", limit: 10 });
    expect(all[0]?.value).toEqual({ text: "baking bread" });
    const scores = all.map((item) => ("score" in item ? item.score : undefined));
    for (const score of scores) expect(score).toSatisfy((one: number) => one >= 0 && one <= 1);
    expect(scores).toEqual(scores.toSorted((a, b) => Number(b) - Number(a)));
    const pages = [];
    for (const offset of [0, 2]) {
      const page = await store.search(users, { query: "who bakes bread?", limit: 2, offset });
      pages.push(...page.map(({ key }) => key));
    }
    expect(pages).toEqual(all.map(({ key }) => key));
  });

  it("compares with every operator, also dates", async () => {
    const { store } = open();
    await store.put(users, "old", { n: 1, at: "2024-03-01T10:00:00Z", kind: "a" });
    await store.put(users, "new", { n: 2, at: "2026-03-01T12:00:00+02:00", kind: "b" });
    await store.put(users, "bare", { kind: "c" });
    const find = async (filter: object) =>
      (await store.search(users, { filter })).map(({ key }) => key);
    expect(await find({ n: 1 })).toEqual(["old"]);
    expect(await find({ n: { $eq: 2 } })).toEqual(["new"]);
    expect(await find({ n: { $ne: 1 } })).toEqual(["new", "bare"]);
    expect(await find({ n: { $gt: 1 } })).toEqual(["new"]);
    expect(await find({ n: { $gte: 1, $lt: 2 } })).toEqual(["old"]);
    expect(await find({ n: { $lte: 2 } })).toEqual(["old", "new"]);
    expect(await find({ kind: { $in: ["a", "c"] } })).toEqual(["old", "bare"]);
    expect(await find({ kind: { $nin: ["a", "c"] } })).toEqual(["new"]);
    expect(await find({ at: { $gt: "2025-01-01" } })).toEqual(["new"]);
    expect(await find({ at: { $lte: Date.parse("2026-03-01T10:00:00Z") } })).toEqual([
      "old",
      "new",
    ]);
    expect(await find({ at: { $lt: new Date("2026-03-01T10:00:00Z") } })).toEqual(["old"]);
    await expect(find({ n: { $regex: "x" } })).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });

  it("never shows one namespace to another whose name begins alike", async () => {
    const { store } = open();
    const siblings = [
      "acme",
      "acme-corp",
      "acmeX",
      "acme_",
      "a%",
      "Acme",
      "acme ",
      "açme",
      "ac\u0327me",
    ];
    for (const label of siblings) await store.put(["tenant", label], "k", { owner: label });
    await store.put(["tenant"], "k", { owner: "all" });
    for (const label of siblings) {
      const found = await store.search(["tenant", label], { query: "owner" });
      expect(found.map(({ value }) => value["owner"])).toEqual([label]);
      expect((await store.get(["tenant", label], "k"))?.value).toEqual({ owner: label });
    }
    expect(await store.search(["tenant"], { limit: 20 })).toHaveLength(siblings.length + 1);
  });
});

describe("AstrocyteStore", () => {
  it("lists namespaces that hold something, by prefix, suffix and depth", async () => {
    const { store } = createStore();
    for (const namespace of [
      ["a", "x", "1"],
      ["a", "y", "1"],
      ["ab", "x", "2"],
      ["gone", "x"],
    ]) {
      await store.put(namespace, "k", { v: 1 });
    }
    await store.delete(["gone", "x"], "k");
    expect(await store.listNamespaces()).toEqual([
      ["a", "x", "1"],
      ["a", "y", "1"],
      ["ab", "x", "2"],
    ]);
    expect(await store.listNamespaces({ prefix: ["a"] })).toHaveLength(2);
    expect(await store.listNamespaces({ suffix: ["x", "*"] })).toHaveLength(2);
    expect(await store.listNamespaces({ maxDepth: 1 })).toEqual([["a"], ["ab"]]);
    expect(await store.listNamespaces({ limit: 1, offset: 1 })).toEqual([["a", "y", "1"]]);
  });

  it("maps every legal namespace to a bank of its own, and back", () => {
    const { store } = createStore();
    const label = fc
      .string({ unit: "binary", minLength: 1, maxLength: 12 })
      .map((text) => text.replaceAll(/[.:\0]/g, "") || "x");
    const namespace = fc.array(label, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(namespace, namespace, (one, other) => {
        const bankId = store.bankIdOf(one);
        expect(bankId).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,254}$/);
        expect(store.namespaceOf(bankId)).toEqual(one);
        expect(bankId === store.bankIdOf(other)).toBe(
          JSON.stringify(one) === JSON.stringify(other),
        );
      }),
    );
    expect(store.namespaceOf("store")).toBeUndefined();
    expect(store.namespaceOf("storey:a")).toBeUndefined();
    expect(() => store.bankIdOf(["x".repeat(300)])).toThrow("255");
  });

  it("gives back any value of JSON and dates", async () => {
    // Letters and digits at random may look like personal data.
    const { store } = createStore({}, { config: { barriers: { pii: { mode: "disabled" } } } });
    const date = fc.date({ noInvalidDate: true });
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
        fc.boolean(),
        fc.constant(null),
        date,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(
          fc.oneof(fc.constantFrom("$date", "$escaped", "lc", "constructor"), fc.string()),
          tie("tree"),
          { maxKeys: 3, noNullPrototype: true },
        ),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (inner) => {
        const value = { inner, letters: "some letters, so that it looks like text" };
        await store.put(users, "k", value);
        expect((await store.get(users, "k"))?.value).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it("refuses what would not come back, and bad operations, before anything is done", async () => {
    const { store } = createStore();
    const bad: unknown[] = [
      { namespace: users, key: "bad", value: { f: () => 1 } },
      { namespace: users, key: "bad", value: { n: Number.NaN } },
      { namespace: users, key: "bad", value: { m: new Map() } },
      { namespace: users, key: "bad", value: "text" },
      { namespace: [], key: "bad", value: {} },
      { namespace: ["a:b"], key: "bad", value: {} },
      { namespace: ["a.b"], key: "bad" },
      { namespace: users, key: 5 },
      { namespacePrefix: users, limit: -1 },
      { namespacePrefix: users, offset: 1.5 },
      { namespacePrefix: users, filter: { n: { $or: [] } } },
      { namespace: users, key: "bad", value: {}, index: ["a["] },
      {},
    ];
    for (const operation of bad) {
      const good = { namespace: users, key: "good", value: { v: 1 } };
      await expect(
        store.batch([good, operation] as Parameters<typeof store.batch>[0]),
      ).rejects.toMatchObject({ code: "ASTROCYTE_INVALID_ARGUMENT" });
    }
    expect(await store.search([])).toEqual([]);
  });

  it("reads before it writes within a batch, and lets the last put win", async () => {
    const { store } = createStore();
    const results = await store.batch([
      { namespace: users, key: "k", value: { v: 1 } },
      { namespace: users, key: "k" },
      { namespace: users, key: "k", value: { v: 2 } },
      { namespacePrefix: users },
      { matchConditions: [], limit: 10, offset: 0 },
    ]);
    expect(results).toEqual([undefined, null, undefined, [], []]);
    expect((await store.get(users, "k"))?.value).toEqual({ v: 2 });
  });

  it("keeps what is not indexed out of every ranking, and still lists it", async () => {
    const { store, brain } = createStore();
    await store.put(users, "secret", { text: "plays the violin" }, false);
    await store.put(users, "part", { title: "sailing", body: "violin" }, ["title"]);
    await store.put(users, "deep", { items: [{ t: "violins" }, { t: "boats" }] }, ["items[*].t"]);
    const { hits } = await brain.recall("violin", { bankId: store.bankIdOf(users) });
    expect(hits.map(({ text }) => text).toSorted()).toEqual(["sailing", "violins\nboats"]);
    const found = await store.search(users, { query: "violin" });
    expect(found.map(({ key, score }) => [key, score === undefined])).toEqual([
      ["deep", false],
      ["part", false],
      ["secret", true],
    ]);
    await store.put(users, "deep", { text: "now hidden" }, false);
    const after = await brain.recall("violins", { bankId: store.bankIdOf(users) });
    expect(after.hits.map(({ text }) => text)).toEqual(["sailing"]);
    expect((await store.get(users, "deep"))?.value).toEqual({ text: "now hidden" });
  });

  it("keeps what is not indexed out also where the bank is searched in the stores alone", async () => {
    const { store, brain, vectorStore } = createStore();
    // A store that cannot tell changes is never indexed.
    vectorStore.bankRevision = async () => undefined;
    await store.put(users, "secret", { text: "plays the violin" }, false);
    await store.put(users, "open", { text: "likes violin music" });
    const { hits } = await brain.recall("violin", { bankId: store.bankIdOf(users) });
    expect(hits.map(({ text }) => text)).toEqual(["likes violin music"]);
    expect((await store.get(users, "secret"))?.value).toEqual({ text: "plays the violin" });
    expect(await store.search(users)).toHaveLength(2);
  });

  it.each(["update", "skip"] as const)(
    "is not changed by a retain of the same text, where duplicates are treated with %s",
    async (action) => {
      const { store, brain } = createStore(
        {},
        { config: { signal_quality: { dedup: { action, check_store: true } } } },
      );
      const bankId = store.bankIdOf(users);
      await store.put(users, "k", { text: "Ana lives in Porto" });
      const lines: string[] = [];
      for await (const line of brain.exportBank({ bankId })) lines.push(line);
      for (const isImported of [true, false]) {
        if (isImported) await brain.importBank(lines, { bankId, onConflict: "overwrite" });
        const { stored } = await brain.retain(`Ana lives in Porto${isImported ? "." : ""}`, {
          bankId,
        });
        expect(stored).toBe(isImported || action === "update");
        expect((await store.get(users, "k"))?.value).toEqual({ text: "Ana lives in Porto" });
      }
    },
  );

  it("lets items expire, and sweeps them out of the bank", async () => {
    const clock = new FakeClock("2026-06-01T00:00:00Z");
    const { store, brain } = createStore({ ttlMs: 1_000, clock }, { clock });
    await store.put(users, "k", { text: "a short life" });
    clock.advance(999);
    expect(await store.get(users, "k")).not.toBeNull();
    clock.advance(1);
    expect(await store.get(users, "k")).toBeNull();
    expect(await store.search(users, { query: "short life" })).toEqual([]);
    expect(await store.listNamespaces()).toEqual([]);
    expect(await store.sweepExpired()).toBe(1);
    expect((await brain.recall("life", { bankId: store.bankIdOf(users) })).hits).toEqual([]);
  });

  it("refuses a value that the personal-data policy would change, with all its neighbours", async () => {
    const { store, brain } = createStore(
      {},
      { config: { barriers: { pii: { mode: "regex", action: "redact" } } } },
    );
    await expect(
      store.batch([
        { namespace: ["other"], key: "fine", value: { text: "no personal data" } },
        { namespace: users, key: "k", value: { text: "write to ana@example.com" } },
      ]),
    ).rejects.toMatchObject({ code: "ASTROCYTE_PII_REJECTED" });
    await expect(
      store.put(users, "k", { deep: [{ mail: "ana@example.com" }] }, false),
    ).rejects.toMatchObject({ code: "ASTROCYTE_PII_REJECTED" });
    await expect(store.put(users, "ana@example.com", {})).rejects.toMatchObject({
      code: "ASTROCYTE_PII_REJECTED",
    });
    expect(await store.search([])).toEqual([]);
    // A number is no text, but where recall finds it, it is one.
    await store.put(users, "card", { number: 4_111_111_111_111_111 });
    expect((await store.get(users, "card"))?.value).toEqual({ number: 4_111_111_111_111_111 });
    const { hits } = await brain.recall("number", { bankId: store.bankIdOf(users) });
    expect(hits.map(({ text }) => text)).toEqual(["number: [CC_REDACTED]"]);
  });

  it("acts for whom the context names, and changes nothing under a legal hold", async () => {
    const { brain } = createBrain({
      config: {
        access_control: { enabled: true },
        access_grants: [
          { bank_id: "store", principal: "user:ana", permissions: ["read", "write"] },
          { bank_id: "store:users:ana", principal: "user:ana", permissions: ["*"] },
          { bank_id: "store:shared", principal: "user:ana", permissions: ["read", "write"] },
        ],
      },
    });
    const store = new AstrocyteStore({ brain, context: { principal: "user:ana" } });
    const denied = { code: "ASTROCYTE_ACCESS_DENIED" };
    await store.put(users, "k", { v: 1 });
    await expect(store.put(["users", "bob"], "k", { v: 1 })).rejects.toMatchObject(denied);
    await expect(store.get(["users", "bob"], "k")).rejects.toMatchObject(denied);
    // Replacing deletes what was there.
    await store.put(["shared"], "k", { v: 1 });
    await expect(store.put(["shared"], "k", { v: 2 })).rejects.toMatchObject(denied);
    await brain.setLegalHold("store:users:ana", "case-1", { context: { principal: "user:ana" } });
    const held = { code: "ASTROCYTE_LEGAL_HOLD_ACTIVE" };
    await expect(store.put(users, "k", { v: 2 })).rejects.toMatchObject(held);
    await expect(
      store.batch([
        { namespace: users, key: "new", value: { v: 1 } },
        { namespace: users, key: "k", value: null },
      ]),
    ).rejects.toMatchObject(held);
    expect(await store.get(users, "new")).toBeNull();
    expect((await store.get(users, "k"))?.value).toEqual({ v: 1 });
  });

  it("answers like InMemoryStore, but for what that leaves undone", async () => {
    const { store } = createStore();
    const reference = new InMemoryStore();
    const both = async <Result>(run: (subject: BaseStore) => Promise<Result>) => {
      const [ours, theirs] = [await run(store), await run(reference)];
      expect(ours).toEqual(theirs);
    };
    for (const [at, namespace] of [users, ["b", "c"], users, ["a"]].entries()) {
      await both((subject) =>
        subject.put(namespace, `k${at % 3}`, { at, even: at % 2 === 0, n: String(at) }),
      );
    }
    await both((subject) => bare(subject, []));
    await both((subject) => bare(subject, users, { limit: 1, offset: 1 }));
    await both((subject) => bare(subject, [], { filter: { at: { $gte: 1 }, even: false } }));
    await both((subject) => bare(subject, [], { filter: { n: { $gt: 1 } } }));
    await both((subject) => bare(subject, [], { filter: { missing: undefined } }));
    await both((subject) => subject.listNamespaces());
    await both((subject) => subject.listNamespaces({ maxDepth: 1 }));
  });

  it("is there after a restart, with values, order, index and namespaces", async () => {
    const file = temporaryFile();
    const first = await openFile(file);
    const before = new AstrocyteStore({ brain: first });
    const value = { text: "Ana is allergic to peanuts", at: new Date(1_000), half: "\ud800" };
    await before.put(users, "b", value);
    await before.put(users, "a", { text: "Ana lives in Porto" });
    await first.close();
    const brain = await openFile(file);
    const store = new AstrocyteStore({ brain });
    expect((await store.get(users, "b"))?.value).toEqual(value);
    expect((await store.search(users)).map(({ key }) => key)).toEqual(["b", "a"]);
    expect((await store.search(users, { query: "allergic to peanuts" }))[0]?.key).toBe("b");
    expect(await store.listNamespaces()).toEqual([users]);
    await store.delete(users, "b");
    expect(await store.search(users, { query: "peanuts", limit: 5 })).toHaveLength(1);
  });

  it("comes back from an exported bank", async () => {
    const { brain, store } = createStore();
    await store.put(users, "k", { text: "Ana lives in Porto" });
    const bankId = store.bankIdOf(users);
    const lines: string[] = [];
    for await (const line of brain.exportBank({ bankId })) lines.push(line);
    await store.delete(users, "k");
    expect(await store.get(users, "k")).toBeNull();
    await brain.importBank(lines, { bankId });
    expect((await store.get(users, "k"))?.value).toEqual({ text: "Ana lives in Porto" });
  });

  it("serves the nodes of a compiled graph", async () => {
    const { store, brain } = createStore();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("write", async (_state, config: LangGraphRunnableConfig) => {
        await config.store?.put(users, "k", { text: "Ana lives in Porto" });
        await Promise.all(
          [1, 2, 3].map(async (n) => config.store?.put(users, `n${n}`, { text: `number ${n}` })),
        );
        return {};
      })
      .addNode("read", async (_state, config: LangGraphRunnableConfig) => {
        const found = await config.store?.search(users, { query: "Where does Ana live?" });
        return { messages: [{ role: "ai", content: found?.[0]?.value["text"] }] };
      })
      .addEdge("__start__", "write")
      .addEdge("write", "read")
      .compile({ store });
    const { messages } = await graph.invoke({ messages: [] });
    expect(messages.at(-1)?.text).toBe("Ana lives in Porto");
    expect(await store.search(users)).toHaveLength(4);
    const { hits } = await brain.recall("Porto", { bankId: store.bankIdOf(users) });
    expect(hits[0]?.text).toBe("Ana lives in Porto");
  });
});
