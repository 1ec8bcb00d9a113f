import assert from "node:assert/strict";
import { timestampMs, type VectorHit, type VectorItem, type VectorStore } from "astrocyte";
import { rejectsWithCode } from "../rejections.js";
import type { Chapter } from "../suite.js";
import { axis, bankId, contents, idsIn, memory, search } from "./fixtures.js";
import { capabilitiesOf, withoutListing, type VectorStoreTarget } from "./target.js";

const fullMemory = {
  text: "Ünïcode – 日本語 👩‍👩‍👧",
  metadata: {
    flag: true,
    off: false,
    ratio: 0.1,
    count: 9_007_199_254_740_991,
    negative: -0.5,
    none: null,
    empty: "",
    text: "größer",
    "a.b": "dotted",
    session_id: "s1",
  },
  tags: ["größe", "日本", "With Space", "with space"],
  factType: "experience",
  occurredAt: "2023-11-05T06:07:08.123000+00:00",
  memoryLayer: "fact",
  retainedAt: "2024-02-29T23:59:59.999000+00:00",
  chunkId: "chunk-1",
};

function assertSameMemory(actual: VectorItem | VectorHit | undefined, id: string): void {
  assert.ok(actual, "the memory must come back");
  const { occurredAt, retainedAt, ...expected } = fullMemory;
  assert.equal(actual.id, id);
  assert.equal(actual.text, expected.text);
  assert.deepEqual({ ...actual.metadata }, expected.metadata);
  assert.deepEqual(actual.tags, expected.tags);
  assert.equal(actual.factType, expected.factType);
  assert.equal(actual.memoryLayer, expected.memoryLayer);
  assert.equal(actual.chunkId, expected.chunkId);
  assert.equal(timestampMs(actual.occurredAt ?? ""), timestampMs(occurredAt));
  assert.equal(timestampMs(actual.retainedAt ?? ""), timestampMs(retainedAt));
}

export const storing: Chapter<VectorStore, VectorStoreTarget> = {
  title: "storing",
  statements: [
    {
      id: "VS-2",
      text: "storing nothing returns nothing and changes nothing",
      check: async (store, target) => {
        assert.deepEqual(await store.storeVectors([]), []);
        assert.deepEqual(await contents(store, target), []);
        await store.storeVectors([memory(target, "a")]);
        assert.deepEqual(await store.storeVectors([]), []);
        assert.deepEqual(await idsIn(store, target), ["a"]);
      },
    },
    {
      id: "VS-3",
      text: "ids come back in input order",
      check: async (store, target) => {
        const ids = ["n3", "n1", "n4", "n2"];
        assert.deepEqual(await store.storeVectors(ids.map((id) => memory(target, id))), ids);
      },
    },
    {
      id: "VS-4",
      text: "the same id again replaces everything",
      check: async (store, target) => {
        await store.storeVectors([memory(target, "a", fullMemory)]);
        const replacement = memory(target, "a", { text: "new", vector: axis(target, 1) });
        assert.deepEqual(await store.storeVectors([replacement]), ["a"]);
        const hits = await store.searchSimilar(axis(target, 1), { bankId });
        assert.deepEqual(
          hits.map(({ id, text }) => [id, text]),
          [["a", "new"]],
        );
        const [hit] = hits;
        assert.deepEqual(hit?.tags ?? [], []);
        assert.deepEqual({ ...hit?.metadata }, {});
        for (const value of [hit?.factType, hit?.occurredAt, hit?.retainedAt, hit?.chunkId]) {
          assert.equal(value ?? undefined, undefined);
        }
        if (capabilitiesOf(target).scoreMeaning === "similarity") {
          assert.ok((hit?.score ?? 0) >= 0.999, "the new vector must be the one that is found");
          const [old] = await search(store, target);
          assert.ok((old?.score ?? 0) <= 0.5, "the old vector must not be found any more");
        }
      },
    },
    {
      id: "VS-5",
      text: "the same id in two banks is two items",
      check: async (store, target) => {
        const other = "other";
        await store.storeVectors([
          memory(target, "a", { text: "first" }),
          memory(target, "a", { text: "second", bankId: other }),
        ]);
        assert.deepEqual(await contents(store, target), [{ id: "a", text: "first" }]);
        assert.deepEqual(await contents(store, target, other), [{ id: "a", text: "second" }]);
        await store.storeVectors([memory(target, "a", { text: "third", bankId: other })]);
        assert.deepEqual(await contents(store, target), [{ id: "a", text: "first" }]);
        if (!capabilitiesOf(target).supportsDelete) return;
        assert.equal(await store.delete(["a"], { bankId: other }), 1);
        assert.deepEqual(await contents(store, target), [{ id: "a", text: "first" }]);
      },
    },
    {
      id: "VS-14",
      text: "every field comes back as it was stored",
      check: async (store, target) => {
        await store.storeVectors([memory(target, "full", fullMemory)]);
        const [hit] = await search(store, target);
        assertSameMemory(hit, "full");
        if (!capabilitiesOf(target).supportsListing) return;
        const [item] = await store.listVectors({ bankId });
        assertSameMemory(item, "full");
        assert.equal(item?.bankId, bankId);
      },
    },
    {
      id: "VS-21",
      text: "a wrong dimension is refused on storing, with the whole batch, and on searching",
      check: async (store, target) => {
        await store.storeVectors([memory(target, "a")]);
        const wrong = [...axis(target, 0), 0];
        await rejectsWithCode(
          () => store.storeVectors([memory(target, "b"), memory(target, "c", { vector: wrong })]),
          "ASTROCYTE_DIMENSION_MISMATCH",
        );
        assert.deepEqual(await idsIn(store, target), ["a"], "all items of a batch or none");
        await rejectsWithCode(
          () => store.searchSimilar(wrong, { bankId }),
          "ASTROCYTE_DIMENSION_MISMATCH",
        );
      },
    },
    {
      id: "VS-22",
      text: "an empty text is refused, with the whole batch",
      check: async (store, target) => {
        await assert.rejects(
          () => store.storeVectors([memory(target, "a"), memory(target, "b", { text: "" })]),
          "an item with an empty text must be refused",
        );
        assert.deepEqual(await contents(store, target), []);
      },
    },
    {
      id: "VS-finite",
      text: "a vector with a component that is not finite is refused",
      check: async (store, target) => {
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
          const vector = axis(target, 0, value);
          await assert.rejects(
            () => store.storeVectors([memory(target, "a", { vector })]),
            `a vector with ${value} must be refused`,
          );
        }
        assert.deepEqual(await contents(store, target), []);
      },
    },
    {
      id: "VS-24",
      text: "a batch of 1000 items is stored",
      check: async (store, target) => {
        const items = Array.from({ length: 1000 }, (_, n) =>
          memory(target, `n${String(n).padStart(4, "0")}`, { vector: axis(target, n) }),
        );
        assert.equal((await store.storeVectors(items)).length, 1000);
        assert.deepEqual(
          await idsIn(store, target),
          items.map(({ id }) => id),
        );
      },
    },
    {
      id: "VS-25",
      text: "concurrent stores of different ids lose none",
      check: async (store, target) => {
        const ids = Array.from({ length: 40 }, (_, n) => `n${String(n).padStart(2, "0")}`);
        await Promise.all(ids.map((id) => store.storeVectors([memory(target, id)])));
        assert.deepEqual(await idsIn(store, target), ids);
      },
    },
    {
      id: "VS-empty-vector",
      text: "an item with an empty vector is kept and listed, and similarity search passes over it",
      unless: (target) =>
        (!capabilitiesOf(target).acceptsEmptyVectors && "acceptsEmptyVectors is false") ||
        withoutListing(target),
      check: async (store, target) => {
        await store.storeVectors([memory(target, "bare", { vector: [] }), memory(target, "full")]);
        const items = await store.listVectors({ bankId });
        assert.deepEqual(
          items.map(({ id, vector }) => [id, vector.length > 0]),
          [
            ["bare", false],
            ["full", true],
          ],
        );
        const hits = await search(store, target);
        assert.equal(hits[0]?.id, "full");
        assert.ok(hits.every(({ id, score }) => id === "full" || score === 0));
      },
    },
  ],
};
