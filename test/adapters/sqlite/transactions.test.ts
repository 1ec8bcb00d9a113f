import { Astrocyte } from "astrocyte";
import type { SqliteStore } from "astrocyte/adapters/sqlite";
import { hashedEmbedding } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { deferred } from "../../support/deferred.js";
import { findDamage, item, query, useWorkspace } from "./support.js";

const workspace = useWorkspace();
const bank = { bankId: "bank" };
const entity = { id: "e", name: "Ann", entityType: "PERSON", mentionCount: 1 };

describe("calls that are made atomically", () => {
  it("are there together, and seen by nobody before", async () => {
    const { open } = await workspace();
    const [store, other] = [await open(), await open()];
    await store.atomically(async () => {
      await store.storeVectors([item("a")]);
      await store.storeEntities([entity], bank);
      expect(await store.listVectors(bank)).toHaveLength(1);
      expect(await other.listVectors(bank)).toEqual([]);
    });
    expect(await other.listVectors(bank)).toHaveLength(1);
    expect(await other.queryEntities("Ann", bank)).toHaveLength(1);
  });

  it("are gone together when the last one fails", async () => {
    const { file, open } = await workspace();
    const store = await open();
    const failure = new Error("no");
    await expect(
      store.atomically(async () => {
        await store.storeVectors([item("a")]);
        await store.storeEntities([entity], bank);
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await store.listVectors(bank)).toEqual([]);
    expect(await store.queryEntities("", bank)).toEqual([]);
    // The length of vectors was not fixed either.
    expect(await store.storeVectors([item("b", { vector: [1, 2] })])).toEqual(["b"]);
    expect(await findDamage(file())).toEqual([]);
  });

  it("undo one that fails and is caught, alone", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.atomically(async () => {
      await store.storeVectors([item("a")]);
      await store
        .storeVectors([item("b"), item("c", { vector: [1] })])
        .catch(() => "another length");
      await store.storeVectors([item("d")]);
    });
    expect((await store.listVectors(bank)).map(({ id }) => id)).toEqual(["a", "d"]);
  });

  it("keep other calls of the process waiting, and join when nested", async () => {
    const { open } = await workspace();
    const store = await open();
    const gate = deferred();
    const writing = store.atomically(async () => {
      await store.storeVectors([item("a")]);
      await store.atomically(() => store.storeVectors([item("b")]));
      await gate.promise;
    });
    const reading = store.listVectors(bank);
    setTimeout(() => gate.resolve(), 20);
    expect(await reading).toHaveLength(2);
    await writing;
  });

  it("end with the promise: what was started and not awaited is no part of them", async () => {
    const { open } = await workspace();
    const store = await open();
    let late: Promise<unknown> = Promise.resolve();
    await store.atomically(async () => {
      await store.storeVectors([item("a")]);
      late = new Promise((resolve) => setTimeout(resolve, 10)).then(() =>
        store.storeVectors([item("b")]),
      );
    });
    await late;
    expect(await store.listVectors(bank)).toHaveLength(2);
  });

  it("fail with the reason of a signal, and begin nothing after it is closed", async () => {
    const { open } = await workspace();
    const store = await open();
    const reason = new Error("enough");
    const aborted = { signal: AbortSignal.abort(reason) };
    await expect(store.atomically(() => Promise.resolve(1), aborted)).rejects.toBe(reason);
    await store.close();
    await expect(store.atomically(() => Promise.resolve(1))).rejects.toMatchObject({
      code: "ASTROCYTE_CLOSED",
    });
  });
});

/** A brain on one file, with entities that come from metadata. */
function brainOn(store: SqliteStore): Astrocyte {
  return new Astrocyte({
    vectorStore: store,
    documentStore: store,
    graphStore: store,
    embeddings: {
      spiVersion: 1,
      name: "hashed",
      embed: async (texts) => texts.map((text) => hashedEmbedding(text, 64)),
    },
    config: { semantic_link_graph: { enabled: true, similarity_threshold: 0.1 } },
  });
}

/** How many transactions some work makes of its writes. */
async function commitsOf(store: SqliteStore, work: () => Promise<unknown>): Promise<number> {
  let commits = 0;
  const { atomically } = store;
  const counted: SqliteStore = Object.assign(store, {
    atomically: async <Result>(run: () => Promise<Result>) => {
      const result = await atomically(run);
      commits += 1;
      return result;
    },
  });
  await work();
  Object.assign(counted, { atomically });
  return commits;
}

describe("a brain on one file", () => {
  it("stores a memory with its text, entities and links in one transaction", async () => {
    const { file, open } = await workspace();
    const store = await open();
    const brain = brainOn(store);
    await brain.retain("Ann drinks green tea", { ...bank, metadata: { person: "Ann" } });
    expect(
      await commitsOf(store, () =>
        brain.retain("Ann drinks black tea", { ...bank, metadata: { person: "Ann" } }),
      ),
    ).toBe(1);
    const [links] = await query(file(), "SELECT count(*) AS n FROM astrocyte_memory_links");
    const [mentions] = await query(file(), "SELECT count(*) AS n FROM astrocyte_mentions");
    expect([links?.["n"], mentions?.["n"]]).toEqual([1, 2]);
  });

  it("leaves nothing of a memory when the process ends before the commit", async () => {
    const { file, open } = await workspace();
    const store = await open();
    const brain = brainOn(store);
    const { atomically } = store;
    const stop = new Error("stop");
    Object.assign(store, {
      atomically: <Result>(run: () => Promise<Result>) =>
        atomically(async () => {
          await run();
          throw stop;
        }),
    });
    await expect(
      brain.retain("Ann drinks green tea", { ...bank, metadata: { person: "Ann" } }),
    ).rejects.toBe(stop);
    for (const table of ["memories", "fulltext_docsize", "entities", "mentions", "memory_links"]) {
      expect(await query(file(), `SELECT * FROM astrocyte_${table}`)).toEqual([]);
    }
    Object.assign(store, { atomically });
    // The ranking's own picture was not kept either.
    expect((await brain.recall("green tea", bank)).hits).toEqual([]);
    await brain.retain("Ann drinks green tea", bank);
    expect((await brain.recall("green tea", bank)).hits).toHaveLength(1);
  });

  it("lets one process have an idempotency key, and tells the other of other content", async () => {
    const { open } = await workspace();
    const stores = [await open(), await open()];
    const brains = stores.map(brainOn);
    const retain = (content: string) => (brain: Astrocyte) =>
      brain.retain(content, { ...bank, idempotencyKey: "k" });
    for (let round = 0; round < 5; round += 1) {
      const outcomes = await Promise.allSettled(
        brains.map((brain, at) => retain(`content of ${at}`)(brain)),
      );
      const codes = outcomes.map(
        (outcome) =>
          outcome.status === "fulfilled" ? "stored" : (outcome.reason as { code: string }).code, // oxlint-disable-line typescript/no-unsafe-type-assertion
      );
      expect(codes.toSorted()).toEqual(["ASTROCYTE_IDEMPOTENCY_CONFLICT", "stored"]);
      await stores[0]?.clearBank(bank);
    }
    // The same content is no conflict, also after a restart.
    const [first, second] = await Promise.all(brains.map(retain("the same")));
    const third = await retain("the same")(brainOn(await open()));
    expect(new Set([first, second, third].map((result) => result?.memoryId)).size).toBe(1);
    expect(third).toMatchObject({ stored: false, deduplicated: true });
    expect(await stores[0]?.listVectors(bank)).toHaveLength(1);
  });
});
