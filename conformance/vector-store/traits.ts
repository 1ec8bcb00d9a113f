import assert from "node:assert/strict";
import type { VectorStore } from "astrocyte";
import { unicodeTexts } from "../hostile-text.js";
import { rejectsWithCode, rejectsWithReason } from "../rejections.js";
import type { Chapter } from "../suite.js";
import { axis, bankId, contents, memory, search } from "./fixtures.js";
import { capabilitiesOf, withoutListing, withoutMethod, type VectorStoreTarget } from "./target.js";

export const traits: Chapter<VectorStore, VectorStoreTarget> = {
  title: "traits",
  statements: [
    {
      id: "VS-abort",
      text: "an aborted signal rejects every call with its reason, and nothing is changed",
      check: async (store, target) => {
        await store.storeVectors([memory(target, "a")]);
        const { supportsDelete, supportsListing } = capabilitiesOf(target);
        await rejectsWithReason("storeVectors", (signal) =>
          store.storeVectors([memory(target, "b")], { signal }),
        );
        await rejectsWithReason("searchSimilar", (signal) =>
          store.searchSimilar(axis(target, 0), { bankId, signal }),
        );
        if (supportsDelete) {
          await rejectsWithReason("delete", (signal) => store.delete(["a"], { bankId, signal }));
        }
        if (supportsListing) {
          await rejectsWithReason("listVectors", (signal) => store.listVectors({ bankId, signal }));
        }
        await rejectsWithReason("getByIds", (signal) =>
          store.getByIds?.(["a"], { bankId, signal }),
        );
        await rejectsWithReason("listRecentVectors", (signal) =>
          store.listRecentVectors?.({ bankId, signal }),
        );
        await rejectsWithReason("getByChunkIds", (signal) =>
          store.getByChunkIds?.(["c"], { bankId, signal }),
        );
        await rejectsWithReason("clearBank", (signal) => store.clearBank?.({ bankId, signal }));
        assert.deepEqual(await contents(store, target), [{ id: "a", text: "text of a" }]);
      },
    },
    {
      id: "VS-copies-in",
      text: "changing an item after storing it changes nothing in the store",
      check: async (store, target) => {
        const item = memory(target, "a", { tags: ["x"], metadata: { k: "v" } });
        await store.storeVectors([item]);
        item.text = "changed";
        item.vector.fill(0);
        item.tags?.push("y");
        Object.assign(item.metadata ?? {}, { k: "changed" });
        const [hit] = await search(store, target);
        assert.equal(hit?.text, "text of a");
        assert.deepEqual(hit.tags, ["x"]);
        assert.deepEqual({ ...hit.metadata }, { k: "v" });
        if (capabilitiesOf(target).scoreMeaning === "similarity") assert.ok(hit.score >= 0.999);
      },
    },
    {
      id: "VS-copies-out",
      text: "changing what came back changes nothing in the store",
      check: async (store, target) => {
        await store.storeVectors([memory(target, "a", { tags: ["x"], metadata: { k: "v" } })]);
        const fields = { id: "a", text: "text of a", tags: ["x"], metadata: { k: "v" } };
        const reads = [
          () => search(store, target),
          ...(capabilitiesOf(target).supportsListing ? [() => store.listVectors({ bankId })] : []),
          ...(store.getByIds
            ? [async () => (await store.getByIds?.(["a"], { bankId })) ?? []]
            : []),
          ...(store.listRecentVectors
            ? [async () => (await store.listRecentVectors?.({ bankId })) ?? []]
            : []),
        ];
        for (const read of [...reads, ...reads]) {
          const [found] = await read();
          assert.ok(found);
          const { id, text, tags, metadata } = found;
          assert.deepEqual({ id, text, tags, metadata: { ...metadata } }, fields);
          found.text = "changed";
          found.tags?.push("y");
          Object.assign(found.metadata ?? {}, { k: "changed" });
          if ("vector" in found) found.vector.fill(0);
        }
        if (capabilitiesOf(target).scoreMeaning === "similarity") {
          const [hit] = await search(store, target);
          assert.ok((hit?.score ?? 0) >= 0.999, "the stored vector must not change");
        }
      },
    },
    {
      id: "VS-unicode",
      text: "texts come back code unit by code unit",
      check: async (store, target) => {
        await store.storeVectors(unicodeTexts.map((text, n) => memory(target, `n${n}`, { text })));
        const found = new Map((await contents(store, target)).map(({ id, text }) => [id, text]));
        for (const [n, text] of unicodeTexts.entries()) assert.equal(found.get(`n${n}`), text);
      },
    },
    {
      id: "VS-close",
      text: "after close every call is refused as closed, and closing again is harmless",
      unless: withoutMethod("close"),
      check: async (store, target) => {
        await store.storeVectors([memory(target, "a")]);
        await store.close?.();
        await rejectsWithCode(() => search(store, target), "ASTROCYTE_CLOSED");
        await rejectsWithCode(() => store.storeVectors([memory(target, "b")]), "ASTROCYTE_CLOSED");
        if (withoutListing(target) === false) {
          await rejectsWithCode(() => store.listVectors({ bankId }), "ASTROCYTE_CLOSED");
        }
        await store.close?.();
      },
    },
  ],
};
