import { InvalidArgumentError } from "astrocyte";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findDamage, item, startWithVectors, useServer } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "bank" };

describe("storing memories", () => {
  it("gives back every field after the file is opened again", async () => {
    const { open } = await workspace();
    const full = item("full", {
      vector: [0.5, -0.25, 2],
      text: "Ünïcødé 🧠 text\nof two lines",
      metadata: {
        flag: true,
        count: 3,
        share: 0.1,
        none: null,
        'odd "key"': "ü",
        session_id: "s",
      },
      tags: ["Tag", "тег", 'quo"te'],
      factType: "experience",
      occurredAt: "2024-05-01T10:00:00.123000+00:00",
      retainedAt: "2024-05-02T00:00:00+00:00",
      memoryLayer: "fact",
      chunkId: "c1",
    });
    const bare = item("bare", { vector: [] });
    const empty = item("empty", { tags: [], metadata: {} });
    const first = await open();
    expect(await first.storeVectors([full, bare, empty])).toEqual(["full", "bare", "empty"]);
    await first.close();

    const second = await open();
    expect(await second.listVectors(bank)).toEqual([bare, empty, full]);
    expect(await second.getByIds(["full", "full", "nobody"], bank)).toEqual([full]);
    const { vector: _vector, bankId: _bankId, ...memory } = full;
    expect(await second.getByChunkIds(["c1", "c2"], bank)).toEqual([{ ...memory, score: 1 }]);
    expect(await second.searchSimilar(full.vector, { ...bank, limit: 1 })).toEqual([
      { ...memory, score: expect.closeTo(1, 5) },
    ]);
  });

  it("replaces the whole item, in one call too", async () => {
    const { open, query } = await workspace();
    const store = await open();
    await store.storeVectors([
      item("a", { text: "first apple", tags: ["t"], factType: "world", metadata: { k: 1 } }),
    ]);
    await store.storeVectors([item("a", { text: "second" }), item("a", { text: "third pear" })]);
    expect(await store.listVectors(bank)).toEqual([item("a", { text: "third pear" })]);
    expect(await store.searchFulltext("apple second", bank)).toEqual([]);
    expect(await store.searchFulltext("pear", bank)).toHaveLength(1);
    await store.close();
    expect(await findDamage(query)).toEqual([]);
  });

  it("stores all items of a call or none", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([item("a")]);
    for (const wrong of [
      item("z", { vector: [1, 2] }),
      item("z", { vector: [1, Number.NaN, 0] }),
      item("z", { vector: [1, Infinity, 0] }),
      item("z", { vector: [1, 1e39, 0] }),
      item("z", { text: "" }),
      item("", {}),
      item("nul\0", {}),
      item("lone\uD800", {}),
    ]) {
      await expect(store.storeVectors([item("b"), wrong])).rejects.toMatchObject({
        code: expect.stringMatching(/DIMENSION_MISMATCH|INVALID_ARGUMENT/),
      });
    }
    expect((await store.listVectors(bank)).map(({ id }) => id)).toEqual(["a"]);
    expect(await store.storeVectors([])).toEqual([]);
  });

  it("takes thousands of items in one call, and concurrent calls", async () => {
    const { open } = await workspace();
    const store = await open();
    const many = Array.from({ length: 3000 }, (_, index) => item(`m${index}`));
    expect(await store.storeVectors(many)).toEqual(many.map(({ id }) => id));
    await Promise.all(many.slice(0, 50).map(({ id }) => store.storeVectors([item(`x${id}`)])));
    const seen: string[] = [];
    for (let offset = 0; ; offset += 700) {
      const page = await store.listVectors({ ...bank, offset, limit: 700 });
      if (page.length === 0) break;
      seen.push(...page.map(({ id }) => id));
    }
    expect(seen).toEqual([...new Set(seen)].toSorted());
    expect(seen).toHaveLength(3050);
    expect(await store.getByIds(seen, bank)).toHaveLength(3050);
    expect(await store.delete(seen, bank)).toBe(3050);
  });

  it("makes text well-formed, whatever it is", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([
      item("a", {
        text: "nul\0 lone\uD800 canary",
        metadata: { "k\0": "v\0", lone: "\uD800" },
        tags: ["t\0"],
        factType: "f\0",
      }),
    ]);
    const [stored] = await store.listVectors(bank);
    expect(stored?.text).toBe("nul\uFFFD lone\uFFFD canary");
    expect(stored?.metadata).toEqual({ "k\0": "v\0", lone: "\uD800" });
    expect(stored?.tags).toEqual(["t\0"]);
    expect(await store.searchFulltext("canary", bank)).toHaveLength(1);
    expect(
      await store.listRecentVectors({
        ...bank,
        filters: { tags: ["t\0"], factTypes: ["f\0"], metadataFilters: { "k\0": "v\0" } },
      }),
    ).toHaveLength(1);
    expect(
      await store.listRecentVectors({ ...bank, filters: { metadataFilters: { "k\0": "v\0x" } } }),
    ).toEqual([]);
  });

  it("survives any text", async () => {
    const { open } = await workspace();
    const store = await open();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), async (text) => {
        await store.storeVectors([
          item("any", { text, tags: [text], metadata: { [`k${text}`]: text } }),
        ]);
        const [stored] = await store.listVectors(bank);
        expect(stored?.tags).toEqual([text]);
        expect(stored?.metadata).toEqual({ [`k${text}`]: text });
        await store.searchFulltext(text, bank);
        expect(
          await store.listRecentVectors({
            ...bank,
            filters: { tags: [text], metadataFilters: { [`k${text}`]: text } },
          }),
        ).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });
});

describe("the dimension", () => {
  it("is that of the first vector, and holds after the file is opened again", async () => {
    const { open } = await workspace();
    const first = await open();
    expect(await first.searchSimilar([1, 2], bank)).toEqual([]);
    await first.storeVectors([item("none", { vector: [] })]);
    await first.storeVectors([item("a")]);
    await first.close();
    const second = await open();
    await expect(second.storeVectors([item("b", { vector: [1] })])).rejects.toMatchObject({
      code: "ASTROCYTE_DIMENSION_MISMATCH",
      expectedDimension: 3,
      actualDimension: 1,
    });
    for (const wrong of [[1, 2], []]) {
      await expect(second.searchSimilar(wrong, bank)).rejects.toMatchObject({
        code: "ASTROCYTE_DIMENSION_MISMATCH",
      });
    }
  });

  it("is one for a whole call", async () => {
    const { open } = await workspace();
    const store = await open();
    await expect(store.storeVectors([item("a"), item("b", { vector: [1] })])).rejects.toMatchObject(
      {
        code: "ASTROCYTE_DIMENSION_MISMATCH",
        expectedDimension: 3,
        actualDimension: 1,
      },
    );
    expect(await store.listVectors(bank)).toEqual([]);
  });

  it("can be pinned, and a pin that differs is refused", async () => {
    const { open } = await workspace();
    const pinned = await open({ dimension: 4 });
    await expect(pinned.storeVectors([item("a")])).rejects.toMatchObject({
      expectedDimension: 4,
    });
    await pinned.close();
    await expect(open({ dimension: 3 })).rejects.toMatchObject({
      code: "ASTROCYTE_DIMENSION_MISMATCH",
    });
  });

  it("is enforced when another store recorded it in the meantime", async () => {
    const { open } = await workspace();
    const [first, second] = [await open(), await open()];
    await first.storeVectors([item("a")]);
    await expect(second.storeVectors([item("b", { vector: [1, 2] })])).rejects.toMatchObject({
      code: "ASTROCYTE_DIMENSION_MISMATCH",
      expectedDimension: 3,
    });
    expect(await first.listVectors(bank)).toHaveLength(1);
  });

  it("is guarded by the database itself", async () => {
    const { open, query } = await workspace();
    await (await open()).storeVectors([item("a")]);
    const insert = query(
      `INSERT INTO $schema.astrocyte_memories (bank_id, id, is_memory, text_hash, text, words, word_count, embedding)
        VALUES ('b', 'x', true, '', 't', '', 0, '[1,2]')`,
    );
    await expect(insert).rejects.toThrow(/dimension/);
  });
});

describe("searching by vector", () => {
  it("scores in [0, 1], best first, ties by id, without unembedded memories", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([
      item("same", { vector: [2, 0, 0] }),
      item("near", { vector: [1, 1, 0] }),
      item("orthogonal", { vector: [0, 1, 0] }),
      item("opposite", { vector: [-1, 0, 0] }),
      item("beyond", { vector: [-1, 1, 0] }),
      item("zero", { vector: [0, 0, 0] }),
      item("none", { vector: [] }),
    ]);
    const hits = await store.searchSimilar([1, 0, 0], bank);
    expect(hits.map(({ id, score }) => [id, Number(score.toFixed(4))])).toEqual([
      ["same", 1],
      ["near", Number(Math.SQRT1_2.toFixed(4))],
      ["beyond", 0],
      ["opposite", 0],
      ["orthogonal", 0],
      ["zero", 0],
    ]);
    expect((await store.searchSimilar([0, 0, 0], bank)).map(({ score }) => score)).toEqual(
      Array.from({ length: 6 }, () => 0),
    );
    await expect(store.searchSimilar([1, Number.NaN, 0], bank)).rejects.toThrow(
      InvalidArgumentError,
    );
  });

  it("takes any limit", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors(Array.from({ length: 12 }, (_, index) => item(`m${index}`)));
    const count = async (limit?: number) =>
      (await store.searchSimilar([1, 0, 0], { ...bank, limit })).length;
    expect(await count()).toBe(10);
    expect(await count(0)).toBe(0);
    expect(await count(-3)).toBe(0);
    expect(await count(2.7)).toBe(2);
    expect(await count(Infinity)).toBe(12);
    await expect(count(Number.NaN)).rejects.toThrow(InvalidArgumentError);
    expect(await store.listVectors({ ...bank, limit: 0 })).toEqual([]);
    expect(await store.listVectors({ ...bank, offset: 99 })).toEqual([]);
  });
});

describe("banks", () => {
  it("see, count and delete nothing of each other", async () => {
    const { open } = await workspace();
    const store = await open();
    const banks = ["one", "two", "One"];
    for (const bankId of banks) {
      await store.storeVectors([
        item("same", { bankId, text: `shared words of ${bankId}`, chunkId: "c" }),
      ]);
    }
    const options = { bankId: "one" };
    const unknown = { bankId: "three" };
    expect(await store.searchSimilar([1, 0, 0], options)).toHaveLength(1);
    expect(await store.searchFulltext("shared", options)).toHaveLength(1);
    expect(await store.listVectors(options)).toHaveLength(1);
    expect(await store.getByChunkIds(["c"], options)).toMatchObject([
      { text: "shared words of one" },
    ]);
    expect(
      await store.searchSimilar([1, 0, 0], { ...options, filters: { bankId: "two" } }),
    ).toEqual([]);
    expect(await store.searchSimilar([1, 0, 0], unknown)).toEqual([]);
    expect(await store.getDocument("same", unknown)).toBeUndefined();
    expect(await store.delete(["same"], unknown)).toBe(0);
    expect(await store.clearBank(unknown)).toBe(0);
    expect(await store.delete(["same", "same", "other"], options)).toBe(1);
    expect(await store.delete(["same"], options)).toBe(0);
    expect(await store.clearBank({ bankId: "One" })).toBe(1);
    expect(await store.listVectors({ bankId: "two" })).toHaveLength(1);
    await expect(store.listVectors({ bankId: "two\0" })).rejects.toThrow(InvalidArgumentError);
  });
});

describe("recent memories", () => {
  it("come newest first by occurrence, else by retention, undated last", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([
      item("undated"),
      item("old", {
        occurredAt: "2020-01-01T00:00:00+00:00",
        retainedAt: "2024-01-01T00:00:00+00:00",
      }),
      item("retained", { retainedAt: "2022-01-01T00:00:00+00:00" }),
      item("new", { occurredAt: "2023-01-01T00:00:00+00:00" }),
      item("newer", { occurredAt: "2023-01-01T00:00:00.000001+00:00", tags: ["t"] }),
    ]);
    const ids = async (limit?: number, tags?: string[]) =>
      (await store.listRecentVectors({ ...bank, limit, filters: { tags } })).map(({ id }) => id);
    expect(await ids()).toEqual(["newer", "new", "retained", "old", "undated"]);
    expect(await ids(2)).toEqual(["newer", "new"]);
    expect(await ids(1, ["t"])).toEqual(["newer"]);
  });
});
