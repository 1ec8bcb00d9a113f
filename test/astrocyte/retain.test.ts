import { describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "user-1";

describe("retain", () => {
  it("POL-26: stores a content with its facts and the framework's", async () => {
    const { brain, vectorStore, documentStore } = createBrain();
    const result = await brain.retain("Calvin prefers dark mode", {
      bankId,
      tags: ["pref", "pref", ""],
      metadata: { speaker: "Calvin", _created_at: "1999-01-01", _deleted: true },
      occurredAt: new Date("2026-05-30T10:00:00Z"),
    });
    expect(result).toMatchObject({ stored: true, deduplicated: false });
    expect(result.memoryId).toMatch(/^[0-9a-f]{16}$/);
    const [item] = await vectorStore.listVectors({ bankId });
    expect(item).toMatchObject({
      id: result.memoryId,
      text: "Calvin prefers dark mode",
      tags: ["pref"],
      factType: "world",
      occurredAt: "2026-05-30T10:00:00+00:00",
      retainedAt: "2026-06-01T00:00:00+00:00",
      metadata: { speaker: "Calvin", _created_at: "2026-06-01T00:00:00+00:00" },
    });
    expect(item?.metadata).not.toHaveProperty("_deleted");
    expect(await documentStore.getDocument(result.memoryId ?? "", { bankId })).toMatchObject({
      text: "Calvin prefers dark mode",
    });
  });

  it.each(["", " \n\t ", "\uFEFF"])(
    "does not store blank content %j, and says so",
    async (content) => {
      const { brain, vectorStore } = createBrain();
      const result = await brain.retain(content, { bankId });
      expect(result).toMatchObject({ stored: false, error: expect.any(String) });
      expect(await vectorStore.listVectors({ bankId })).toEqual([]);
    },
  );

  it("PIPE-5: keeps the chunks of a long content together", async () => {
    const { brain, vectorStore } = createBrain({ pipeline: { maxChunkSize: 20 } });
    const { memoryId, memoryIds } = await brain.retain(
      "One sentence here. Another one there. And a third.",
      { bankId, tags: ["a"], metadata: { mood: "calm" } },
    );
    expect(memoryIds).toHaveLength(3);
    expect(memoryIds?.[0]).toBe(memoryId);
    const listed = await vectorStore.listVectors({ bankId });
    expect(listed.map(({ id }) => id).toSorted()).toEqual(memoryIds?.toSorted());
    expect(listed.find(({ id }) => id === memoryId)?.text).toBe("One sentence here.");
    for (const item of listed) {
      expect(item).toMatchObject({
        tags: ["a"],
        factType: "world",
        metadata: { mood: "calm", _created_at: "2026-06-01T00:00:00+00:00" },
      });
    }
  });

  it("embeds and stores a list in one call each, results in order", async () => {
    const { brain, embeddings } = createBrain();
    const results = await brain.retainMany(
      [
        { content: "a" },
        { content: "" },
        { content: "b", idempotencyKey: "k" },
        { content: "b", idempotencyKey: "k" },
      ],
      { bankId },
    );
    expect(results.map(({ stored }) => stored)).toEqual([true, false, true, false]);
    expect(results[3]).toMatchObject({ deduplicated: true, memoryId: results[2]?.memoryId });
    expect(embeddings.calls).toBe(1);
  });

  it("PIPE-23: stores a content whose full text and entities find no store", async () => {
    const { brain, documentStore, graphStore, warnings } = createBrain();
    documentStore.storeDocument = () => Promise.reject(new Error("disk full"));
    graphStore.storeEntities = () => Promise.reject(new Error("down"));
    const options = { bankId, metadata: { person: "Ann" } };
    expect(await brain.retain("Ann hikes", options)).toMatchObject({ stored: true });
    expect(warnings.toSorted()).toEqual([
      "astrocyte.retain.mirror_failed",
      "astrocyte.retain.stage_failed",
    ]);
    expect((await brain.recall("Ann", { bankId })).hits).toMatchObject([{ text: "Ann hikes" }]);
  });

  describe("with an idempotency key", () => {
    const options = { bankId, idempotencyKey: "chat/1" };

    it("stores once, and does not embed again", async () => {
      const { brain, embeddings, vectorStore } = createBrain();
      const first = await brain.retain("hello", options);
      const second = await brain.retain("hello", options);
      expect(second).toMatchObject({ stored: false, deduplicated: true, memoryId: first.memoryId });
      expect(embeddings.calls).toBe(1);
      expect(await vectorStore.listVectors({ bankId })).toHaveLength(1);
    });

    it("looks a whole list up at once", async () => {
      const { brain, vectorStore } = createBrain({ pipeline: { maxChunkSize: 14 } });
      const items = Array.from({ length: 50 }, (_, n) => ({
        content: `Number ${n}. And more. And more.`,
        idempotencyKey: `k${n}`,
      }));
      await brain.retainMany(items, { bankId });
      const { getByIds } = vectorStore;
      let lookups = 0;
      vectorStore.getByIds = (...args) => {
        lookups += 1;
        return getByIds(...args);
      };
      const again = await brain.retainMany(items, { bankId });
      expect(again.every(({ deduplicated }) => deduplicated)).toBe(true);
      expect(lookups).toBe(2);
    });

    it("stores once when two calls race", async () => {
      const { brain, vectorStore } = createBrain();
      const results = await Promise.all(
        Array.from({ length: 8 }, () => brain.retain("hello", options)),
      );
      expect(new Set(results.map(({ memoryId }) => memoryId)).size).toBe(1);
      expect(await vectorStore.listVectors({ bankId })).toHaveLength(1);
    });

    it("keeps banks and keys apart", async () => {
      const { brain } = createBrain();
      const ids = [
        await brain.retain("hello", options),
        await brain.retain("hello", { ...options, bankId: "user-2" }),
        await brain.retain("hello", { ...options, idempotencyKey: "chat/2" }),
      ].map(({ memoryId }) => memoryId);
      expect(new Set(ids).size).toBe(3);
    });

    it.each([
      ["Other words", "hello"],
      ["First part. Second part.", "First part."],
      ["First part.", "First part. Second part."],
    ])("refuses other content and stores nothing of the call: %s", async (before, after) => {
      const { brain, vectorStore } = createBrain({ pipeline: { maxChunkSize: 14 } });
      await brain.retain(before, options);
      const listed = await vectorStore.listVectors({ bankId });
      await expect(
        brain.retainMany([{ content: "innocent" }, { content: after, idempotencyKey: "chat/1" }], {
          bankId,
        }),
      ).rejects.toMatchObject({ code: "ASTROCYTE_IDEMPOTENCY_CONFLICT" });
      expect(await vectorStore.listVectors({ bankId })).toEqual(listed);
    });

    it("refuses other content under one key also within a call and in parallel calls", async () => {
      const { brain, vectorStore } = createBrain({ pipeline: { maxChunkSize: 14 } });
      const long = "Apple one two. Apple three. Apple four.";
      await expect(
        brain.retainMany(
          [
            { content: "tea", idempotencyKey: "k" },
            { content: long, idempotencyKey: "k" },
          ],
          { bankId },
        ),
      ).rejects.toMatchObject({ code: "ASTROCYTE_IDEMPOTENCY_CONFLICT" });
      expect(await vectorStore.listVectors({ bankId })).toEqual([]);

      const outcomes = await Promise.allSettled([
        brain.retain(long, options),
        brain.retain("Banana.", options),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      const texts = (await vectorStore.listVectors({ bankId })).map(({ text }) => text);
      expect(texts.filter((text) => text.includes("Banana"))).toEqual([]);
    });

    it("recognises content that would now be cut otherwise, or holds what stores replace", async () => {
      const config = { barriers: { validation: { reject_binary_content: false } } };
      const { brain, vectorStore, documentStore } = createBrain({
        pipeline: { maxChunkSize: 14 },
        config,
      });
      const content = "One two three. Four five six. \ud800 \0 end";
      const first = await brain.retain(content, options);
      const { brain: restarted } = createBrain({
        vectorStore,
        documentStore,
        pipeline: { maxChunkSize: 40 },
        config,
      });
      expect(await restarted.retain(content, options)).toMatchObject({
        deduplicated: true,
        memoryIds: first.memoryIds,
      });
    });

    it("completes what an earlier call left half done", async () => {
      const { brain, documentStore, warnings } = createBrain();
      const { storeDocument } = documentStore;
      documentStore.storeDocument = () => Promise.reject(new Error("disk full"));
      const { memoryId = "", stored } = await brain.retain("hello", options);
      expect(stored).toBe(true);
      expect(warnings).toEqual(["astrocyte.retain.mirror_failed"]);
      documentStore.storeDocument = storeDocument;
      await brain.retain("hello", options);
      expect(await documentStore.getDocument(memoryId, { bankId })).toMatchObject({
        text: "hello",
      });
    });
  });

  it("keeps the source, and gives it back as a field", async () => {
    const { brain } = createBrain();
    await brain.retain("hello", { bankId, source: "slack" });
    const [hit] = (await brain.recall("hello", { bankId })).hits;
    expect(hit).toMatchObject({ source: "slack" });
    expect(hit?.metadata).not.toHaveProperty("_source");
  });

  it("stores well-formed text only", async () => {
    const { brain, vectorStore } = createBrain({
      config: { barriers: { validation: { reject_binary_content: false } } },
    });
    await brain.retain("a\ud800b\0c\u{1F600}", { bankId });
    expect((await vectorStore.listVectors({ bankId }))[0]?.text).toBe("a\ufffdb\ufffdc\u{1F600}");
  });

  it("refuses ids that repeat instead of losing a content", async () => {
    const { brain, vectorStore } = createBrain({ createId: () => "always-the-same" });
    await expect(
      brain.retainMany([{ content: "a" }, { content: "b" }], { bankId }),
    ).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
    });
    expect(await vectorStore.listVectors({ bankId })).toEqual([]);
  });

  it("works without embeddings, and finds by words", async () => {
    const { brain } = createBrain({ embeddings: undefined });
    await brain.retain("Calvin prefers dark mode", { bankId });
    const { hits, trace } = await brain.recall("dark mode", { bankId });
    expect(hits[0]).toMatchObject({
      text: "Calvin prefers dark mode",
      strategies: ["keyword"],
    });
    expect(trace?.strategiesUsed).not.toContain("semantic");
  });

  it("refuses to store without a vector where the store needs one", async () => {
    const { vectorStore } = createBrain();
    const picky = {
      ...vectorStore,
      capabilities: { ...vectorStore.capabilities, acceptsEmptyVectors: false },
    };
    const { brain } = createBrain({ vectorStore: picky, embeddings: undefined });
    await expect(brain.retain("text", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
    });
  });

  it("stores nothing when the embeddings are wrong or fail", async () => {
    for (const embed of [() => Promise.resolve([]), () => Promise.reject(new Error("down"))]) {
      const { brain, vectorStore } = createBrain({
        embeddings: { spiVersion: 1, name: "bad", embed },
        config: { escalation: { degraded_mode: "error" } },
      });
      await expect(brain.retain("text", { bankId })).rejects.toThrow(/down|degraded mode: error/);
      expect(await vectorStore.listVectors({ bankId })).toEqual([]);
    }
  });

  it.each([
    ["a number as content", 3, {}],
    ["nested metadata", "text", { metadata: { user: { name: "x" } } }],
    ["a date that is none", "text", { occurredAt: "yesterday" }],
    ["null as a date", "text", { occurredAt: null }],
    ["an object as a date", "text", { occurredAt: {} }],
    ["an invalid Date", "text", { occurredAt: new Date("nonsense") }],
    ["tags that are no list", "text", { tags: "pref" }],
    ["an empty idempotency key", "text", { idempotencyKey: "" }],
  ])("refuses %s with path and reason", async (_name, content, options) => {
    const { brain, vectorStore } = createBrain();
    const call = brain.retain(content as never, { bankId, ...options } as never);
    await expect(call).rejects.toMatchObject({ code: "ASTROCYTE_INVALID_ARGUMENT" });
    expect(await vectorStore.listVectors({ bankId })).toEqual([]);
  });

  it.each([undefined, null, 7, "", "a b", "bank\n", "é"])(
    "POL-27: refuses the bank id %j",
    async (bad) => {
      const { brain } = createBrain();
      await expect(brain.retain("text", { bankId: bad as never })).rejects.toMatchObject({
        code: "ASTROCYTE_CONFIG",
      });
    },
  );
});

describe("a list in batches", () => {
  const items = Array.from({ length: 7 }, (_, at) => ({
    content: `${"abcdefg".charAt(at).repeat(5)} says ${"hijklmn".charAt(at).repeat(4)}`,
    idempotencyKey: `k${at}`,
  }));

  it("embeds and stores each batch in one call, and tells how far it has come", async () => {
    const { brain, embeddings, vectorStore } = createBrain();
    const told: unknown[] = [];
    const results = await brain.retainMany(items, {
      bankId,
      batchSize: 3,
      onProgress: ({ done, total, results: last }) => told.push([done, total, last.length]),
    });
    expect(results).toHaveLength(7);
    expect(embeddings.calls).toBe(3);
    expect(told).toEqual([
      [3, 7, 3],
      [6, 7, 3],
      [7, 7, 1],
    ]);
    const ids = (await vectorStore.listVectors({ bankId })).map(({ id }) => id);
    expect(new Set(results.map(({ memoryId }) => memoryId))).toEqual(new Set(ids));
  });

  it("says what went through when a batch fails, and can be taken up again", async () => {
    const stores = createBrain();
    const failure = new Error("the model is out");
    let calls = 0;
    const embeddings = {
      ...stores.embeddings,
      embed: async (texts: readonly string[]) => {
        calls += 1;
        if (calls === 3) throw failure;
        return stores.embeddings.embed(texts);
      },
    };
    const { brain } = createBrain({ ...stores, embeddings });
    const error: unknown = await brain
      .retainMany(items, { bankId, batchSize: 3 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "ASTROCYTE_PARTIAL_RETAIN",
      total: 7,
      results: Array.from({ length: 6 }, () => expect.objectContaining({ stored: true })),
      cause: failure,
    });
    // The same list again stores what is missing, and gives the first results for the rest.
    const again = await brain.retainMany(items, { bankId, batchSize: 3 });
    expect(again.map(({ stored }) => stored)).toEqual([...Array<boolean>(6).fill(false), true]);
    expect(await stores.vectorStore.listVectors({ bankId })).toHaveLength(7);
  });

  it("fails as itself when nothing was stored, and with the signal's reason when aborted", async () => {
    const { brain } = createBrain();
    const conflicting = [items[0] ?? { content: "" }, { content: "other", idempotencyKey: "k0" }];
    await expect(brain.retainMany(conflicting, { bankId, batchSize: 2 })).rejects.toMatchObject({
      code: "ASTROCYTE_IDEMPOTENCY_CONFLICT",
    });
    const controller = new AbortController();
    const reason = new Error("enough");
    const { signal } = controller;
    const onProgress = () => controller.abort(reason);
    await expect(
      brain.retainMany(items, { bankId, batchSize: 3, signal, onProgress }),
    ).rejects.toBe(reason);
    for (const batchSize of [0, -1, 1.5, Number.NaN]) {
      await expect(brain.retainMany(items, { bankId, batchSize })).rejects.toMatchObject({
        code: "ASTROCYTE_INVALID_ARGUMENT",
      });
    }
    expect(await brain.retainMany([], { bankId, batchSize: 3 })).toEqual([]);
  });
});
