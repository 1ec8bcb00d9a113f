import assert from "node:assert/strict";
import { isProvider, type VectorStore } from "astrocyte";
import type { Chapter } from "../suite.js";
import { axis, bankId, contents, idsIn, memory, search } from "./fixtures.js";
import { capabilitiesOf, withoutDelete, withoutMethod, type VectorStoreTarget } from "./target.js";

export const deleting: Chapter<VectorStore, VectorStoreTarget> = {
  title: "deleting",
  statements: [
    {
      id: "VS-9",
      text: "an unknown bank is an empty one",
      check: async (store, target) => {
        for (const round of ["empty store", "filled store"]) {
          const unknown = { bankId: "unknown" };
          assert.deepEqual(await store.searchSimilar(axis(target, 0), unknown), [], round);
          assert.deepEqual(await contents(store, target, "unknown"), [], round);
          if (capabilitiesOf(target).supportsDelete) {
            assert.equal(await store.delete(["a"], unknown), 0, round);
          }
          await store.storeVectors([memory(target, "a")]);
        }
      },
    },
    {
      id: "VS-11",
      text: "delete returns how many it really removed, and removes them",
      unless: withoutDelete,
      check: async (store, target) => {
        await store.storeVectors(["a", "b", "c"].map((id) => memory(target, id)));
        assert.equal(await store.delete([], { bankId }), 0);
        assert.equal(await store.delete(["a", "unknown", "b"], { bankId }), 2);
        assert.deepEqual(await idsIn(store, target), ["c"]);
        assert.deepEqual(
          (await search(store, target)).map(({ id }) => id),
          ["c"],
        );
        assert.equal(await store.delete(["a", "b"], { bankId }), 0);
        assert.equal(await store.delete(["c", "c"], { bankId }), 1);
        assert.deepEqual(await contents(store, target), []);
      },
    },
    {
      id: "VS-clearBank",
      text: "clearBank empties one bank and returns the number of its memories",
      unless: withoutMethod("clearBank"),
      check: async (store, target) => {
        await store.storeVectors([
          memory(target, "a"),
          memory(target, "b"),
          memory(target, "c", { bankId: "other" }),
        ]);
        assert.equal(await store.clearBank?.({ bankId }), 2);
        assert.deepEqual(await contents(store, target), []);
        assert.deepEqual(await idsIn(store, target, "other"), ["c"]);
        assert.equal(await store.clearBank?.({ bankId }), 0);
      },
    },
    {
      id: "VS-text",
      text: "the text index of the same object follows each store, replacement and delete",
      unless: (target) => !capabilitiesOf(target).indexesText && "indexesText is false",
      check: async (store, target) => {
        assert.ok(isProvider(store, "DocumentStore"), "the store must also be a DocumentStore");
        const found = async (query: string) =>
          (await store.searchFulltext(query, { bankId })).map(({ documentId }) => documentId);
        await store.storeVectors([memory(target, "a", { text: "alice likes marmalade" })]);
        assert.deepEqual(await found("marmalade"), ["a"]);
        await store.storeVectors([memory(target, "a", { text: "alice likes honey" })]);
        assert.deepEqual(await found("marmalade"), []);
        assert.deepEqual(await found("honey"), ["a"]);
        await store.delete(["a"], { bankId });
        assert.deepEqual(await found("honey"), []);
      },
    },
  ],
};
