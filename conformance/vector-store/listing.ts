import assert from "node:assert/strict";
import type { VectorStore } from "astrocyte";
import type { Chapter } from "../suite.js";
import { bankId, memory, tilted } from "./fixtures.js";
import { withoutListing, withoutMethod, type VectorStoreTarget } from "./target.js";

export const listing: Chapter<VectorStore, VectorStoreTarget> = {
  title: "listing",
  statements: [
    {
      id: "VS-12",
      text: "pages of any size list every item once, by id; past the end is empty",
      unless: withoutListing,
      check: async (store, target) => {
        const ids = Array.from({ length: 23 }, (_, n) => `n${String(n).padStart(2, "0")}`);
        await store.storeVectors(ids.toReversed().map((id) => memory(target, id)));
        for (const limit of [1, 2, 5, 7, 22, 23, 24, 1000]) {
          const pages: string[] = [];
          for (let offset = 0; offset < ids.length; offset += limit) {
            const page = await store.listVectors({ bankId, offset, limit });
            pages.push(...page.map(({ id }) => id));
          }
          assert.deepEqual(pages, ids, `in pages of ${limit}`);
        }
        assert.deepEqual(await store.listVectors({ bankId, offset: 23 }), []);
        assert.deepEqual(await store.listVectors({ bankId, limit: 0 }), []);
        assert.equal((await store.listVectors({ bankId })).length, 23);
      },
    },
    {
      id: "VS-13",
      text: "listed items carry their vectors",
      unless: withoutListing,
      check: async (store, target) => {
        const stored = Array.from({ length: 5 }, (_, n) => tilted(target, n * 0.37 + 0.1));
        await store.storeVectors(stored.map((vector, n) => memory(target, `n${n}`, { vector })));
        const items = await store.listVectors({ bankId });
        for (const [n, vector] of stored.entries()) {
          const listed = items[n]?.vector ?? [];
          assert.equal(listed.length, vector.length);
          const most = Math.max(...vector.map((value, at) => Math.abs(value - (listed[at] ?? 9))));
          assert.ok(most <= 1e-6, `components must agree to 1e-6, they differ by ${most}`);
        }
      },
    },
    {
      id: "VS-getByIds",
      text: "getByIds gives the bank's items of these ids, each once, and leaves unknown ids out",
      unless: withoutMethod("getByIds"),
      check: async (store, target) => {
        await store.storeVectors([
          memory(target, "a", { tags: ["x"] }),
          memory(target, "b"),
          memory(target, "c", { bankId: "other" }),
        ]);
        const items = await store.getByIds?.(["b", "a", "a", "c", "unknown"], { bankId });
        assert.deepEqual(items?.map(({ id }) => id).toSorted(), ["a", "b"]);
        const a = items?.find(({ id }) => id === "a");
        assert.deepEqual(a?.tags, ["x"]);
        assert.equal(a?.vector.length, target.dimension ?? 8);
        assert.deepEqual(await store.getByIds?.([], { bankId }), []);
      },
    },
  ],
};
