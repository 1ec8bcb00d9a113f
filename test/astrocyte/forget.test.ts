import { beforeEach, describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "user-1";

describe("forget", () => {
  let subject: ReturnType<typeof createBrain>;
  let ids: Record<"old" | "fresh" | "undated" | "other", string>;

  beforeEach(async () => {
    subject = createBrain();
    const retain = async (content: string, options: object): Promise<string> =>
      (await subject.brain.retain(content, { bankId, ...options })).memoryId ?? "";
    ids = {
      old: await retain("canary old", { tags: ["x"], occurredAt: "2025-01-01" }),
      fresh: await retain("canary fresh", { tags: ["x"], occurredAt: "2026-05-01" }),
      undated: await retain("canary undated", { tags: ["y"] }),
      other: await retain("canary other bank", { bankId: "user-2", tags: ["x"] }),
    };
    const { graphStore } = subject;
    for (const [bank, memoryId] of [
      [bankId, ids.old],
      ["user-2", ids.other],
    ] as const) {
      await graphStore.storeEntities(
        [{ id: "e", name: "Canary", entityType: "OTHER", mentionCount: 1 }],
        { bankId: bank },
      );
      await graphStore.linkMemoriesToEntities([{ memoryId, entityId: "e" }], { bankId: bank });
    }
  });

  /** The ids that any store still knows. */
  async function remaining(bank = bankId): Promise<string[]> {
    const { brain, vectorStore, documentStore, graphStore } = subject;
    const known = new Set<string>();
    for (const { id } of await vectorStore.listVectors({ bankId: bank })) known.add(id);
    for (const { documentId } of await documentStore.searchFulltext("canary", { bankId: bank }))
      known.add(documentId);
    for (const { memoryId } of await graphStore.queryNeighbors(["e"], { bankId: bank }))
      known.add(memoryId);
    for (const { memoryId } of (await brain.recall("canary", { bankId: bank })).hits)
      known.add(memoryId ?? "");
    return [...known].toSorted();
  }

  it.each<[string, object, (keyof typeof ids)[]]>([
    ["ids", { memoryIds: ["old"] }, ["fresh", "undated"]],
    ["a tag", { tags: ["x"] }, ["undated"]],
    ["a date", { beforeDate: "2026-01-01" }, ["fresh", "undated"]],
    [
      "tag and date together",
      { tags: ["x"], beforeDate: new Date("2026-01-01") },
      ["fresh", "undated"],
    ],
    ["ids and tag together", { memoryIds: ["old", "undated"], tags: ["y"] }, ["old", "fresh"]],
    ["everything", { scope: "all" }, []],
    ["nothing said", {}, ["old", "fresh", "undated"]],
    ["an empty list of ids", { memoryIds: [] }, ["old", "fresh", "undated"]],
    ["an empty list of tags", { tags: [] }, ["old", "fresh", "undated"]],
    ["an id of another bank", { memoryIds: ["other"] }, ["old", "fresh", "undated"]],
  ])("deletes by %s, from every store, and from no other bank", async (_name, selector, left) => {
    const named = selector as { memoryIds?: (keyof typeof ids)[] };
    const memoryIds = named.memoryIds?.map((name) => ids[name]);
    const { deletedCount } = await subject.brain.forget({
      bankId,
      ...selector,
      ...(memoryIds && { memoryIds }),
    });
    expect(deletedCount).toBe(3 - left.length);
    expect(await remaining()).toEqual(left.map((name) => ids[name]).toSorted());
    expect(await remaining("user-2")).toEqual([ids.other]);
  });

  it("is idempotent", async () => {
    await subject.brain.forget({ bankId, scope: "all" });
    expect(await subject.brain.forget({ bankId, scope: "all" })).toEqual({
      deletedCount: 0,
      archivedCount: 0,
      receipt: { vectors: 0, documents: 0, graph: 0, observations: 0, verified: true },
    });
    expect(await subject.brain.forget({ bankId, memoryIds: [ids.old] })).toMatchObject({
      deletedCount: 0,
    });
  });

  it("forgets a long content whole, by the id of any of its chunks", async () => {
    const { brain } = createBrain({ pipeline: { maxChunkSize: 12 } });
    for (const chunk of [0, 1, 2]) {
      const { memoryIds = [] } = await brain.retain("One one one. Two two two. Three three.", {
        bankId,
      });
      expect(memoryIds).toHaveLength(3);
      expect(
        await brain.forget({ bankId, memoryIds: memoryIds.slice(chunk, chunk + 1) }),
      ).toMatchObject({ deletedCount: 3 });
    }
  });

  it("also forgets what was derived from the bank", async () => {
    await subject.brain.retain("an observation", { bankId: `${bankId}::obs` });
    await subject.brain.forget({ bankId, scope: "all" });
    expect((await subject.brain.recall("observation", { bankId: `${bankId}::obs` })).hits).toEqual(
      [],
    );
  });

  it.each([
    { scope: "all", memoryIds: ["a"] },
    { scope: "all", tags: [] },
    { scope: "everything" },
    { memoryId: "a" },
    { memoryIds: "a" },
    { beforeDate: "soon" },
  ])("refuses %j and deletes nothing", async (selector) => {
    await expect(subject.brain.forget({ bankId, ...(selector as object) })).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
    expect(await remaining()).toHaveLength(3);
  });

  it("stops when a store lists memories that it does not delete", async () => {
    const { clearBank: _clearBank, ...store } = subject.vectorStore;
    const { brain } = createBrain({ vectorStore: { ...store, delete: () => Promise.resolve(0) } });
    await expect(brain.forget({ bankId, scope: "all" })).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
    });
  });

  it.each([
    [
      "documents",
      (stores: ReturnType<typeof createBrain>) => ({
        documentStore: { ...stores.documentStore, clearBank: undefined },
      }),
    ],
    [
      "the graph",
      (stores: ReturnType<typeof createBrain>) => ({
        graphStore: { ...stores.graphStore, clearBank: undefined },
      }),
    ],
  ])("empties a bank also where %s can only be deleted by id", async (_name, change) => {
    const { vectorStore, documentStore, graphStore } = subject;
    const { brain } = createBrain({
      vectorStore,
      documentStore,
      graphStore,
      ...(change(subject) as object),
    });
    expect(await brain.forget({ bankId, scope: "all" })).toMatchObject({ deletedCount: 3 });
    expect(await remaining()).toEqual([]);
  });

  it("deletes from every role of one object that keeps them apart", async () => {
    const both = { ...createBrain().documentStore, ...createBrain().vectorStore };
    const { brain } = createBrain({ vectorStore: both, documentStore: both });
    for (const selector of [{ tags: ["x"] }, { scope: "all" as const }]) {
      await brain.retain("canary", { bankId, tags: ["x"] });
      expect(await both.searchFulltext("canary", { bankId })).toHaveLength(1);
      await brain.forget({ bankId, ...selector });
      expect(await both.searchFulltext("canary", { bankId })).toEqual([]);
    }
  });

  it("misses nothing while another forget shifts the pages", async () => {
    const { brain, vectorStore } = createBrain();
    const results = await brain.retainMany(
      Array.from({ length: 1000 }, (_, n) => ({
        content: `memory ${n}`,
        tags: [n % 2 === 0 ? "a" : "b"],
      })),
      { bankId },
    );
    const odd = results.filter((_, n) => n % 2 === 1).map(({ memoryId = "" }) => memoryId);
    await Promise.all([
      brain.forget({ bankId, tags: ["a"] }),
      brain.forget({ bankId, memoryIds: odd }),
    ]);
    expect(await vectorStore.listVectors({ bankId, limit: 2000 })).toEqual([]);
  });

  it("leaves no document behind when it overtakes a retain", async () => {
    const { brain, documentStore } = createBrain();
    const { storeDocument } = documentStore;
    let reached: () => void;
    const mirroring = new Promise<void>((resolve) => (reached = resolve));
    let go: () => void;
    const released = new Promise<void>((resolve) => (go = resolve));
    documentStore.storeDocument = async (...args) => {
      reached();
      await released;
      return storeDocument(...args);
    };
    const retaining = brain.retain("canary", { bankId });
    await mirroring;
    await brain.forget({ bankId, scope: "all" });
    go!();
    await retaining;
    expect(await documentStore.searchFulltext("canary", { bankId })).toEqual([]);
  });

  it("works for the longest bank ids", async () => {
    const longest = "b".repeat(255);
    await subject.brain.retain("x", { bankId: longest });
    expect(await subject.brain.forget({ bankId: longest, scope: "all" })).toMatchObject({
      deletedCount: 1,
    });
  });

  it("finds its memories again when it was cut off halfway", async () => {
    const { brain, vectorStore } = subject;
    const { delete: deleteVectors } = vectorStore;
    vectorStore.delete = () => Promise.reject(new Error("killed"));
    await expect(brain.forget({ bankId, tags: ["x"] })).rejects.toThrow("killed");
    vectorStore.delete = deleteVectors;
    expect(await brain.forget({ bankId, tags: ["x"] })).toMatchObject({ deletedCount: 2 });
    expect(await remaining()).toEqual([ids.undated]);
  });

  it("empties a bank by its own name too, and takes no selector there", async () => {
    const { brain } = subject;
    await expect(brain.clearBank(bankId, { tags: ["x"] } as object)).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
    expect(await brain.clearBank(bankId)).toMatchObject({
      deletedCount: 3,
      receipt: { vectors: 3, documents: 3, graph: 1, verified: true },
    });
    expect(await remaining("user-2")).toEqual([ids.other]);
  });
});

describe("history", () => {
  it("is a recall that must say when", async () => {
    const { brain, clock } = createBrain();
    await brain.retain("the first canary", { bankId });
    clock.advance(60_000);
    await brain.retain("the second canary", { bankId });
    const texts = async (asOf: string) =>
      (await brain.history("canary", { bankId, asOf })).hits.map(({ text }) => text);
    expect(await texts("2026-06-01T00:00:30Z")).toEqual(["the first canary"]);
    expect(await texts("2026-06-01T00:01:00Z")).toHaveLength(2);
    await expect(brain.history("canary", { bankId } as never)).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });
});
