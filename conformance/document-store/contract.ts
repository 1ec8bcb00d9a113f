import assert from "node:assert/strict";
import {
  assertProvider,
  healthStatusSchema,
  isProvider,
  parseShape,
  type DocumentStore,
} from "astrocyte";
import { checkSpiVersion, methodsMatch } from "../declared.js";
import type { Chapter } from "../suite.js";
import { bankId, searchIds, storeTexts } from "./fixtures.js";
import { withoutMethod, type DocumentStoreTarget } from "./target.js";

export const contract: Chapter<DocumentStore, DocumentStoreTarget> = {
  title: "contract",
  statements: [
    {
      id: "DS-declared",
      text: "the SPI version is 1, health answers, and the optional methods are those stated",
      check: async (store, target) => {
        assertProvider(store, "DocumentStore", "the store");
        checkSpiVersion(store, "DocumentStore");
        methodsMatch(store, ["deleteDocuments", "clearBank", "close"], target.lacks ?? []);
        parseShape(healthStatusSchema, await store.health(), "health");
      },
    },
    {
      id: "DS-1",
      text: "a document comes back as it was stored, and the same id again replaces everything",
      check: async (store) => {
        const document = {
          id: "a",
          text: "alice likes marmalade",
          metadata: { flag: true, ratio: 0.5, none: null, name: "größer" },
          tags: ["x", "größe"],
        };
        assert.equal(await store.storeDocument(document, { bankId }), "a");
        const stored = await store.getDocument("a", { bankId });
        assert.deepEqual({ ...stored, metadata: { ...stored?.metadata } }, document);
        await store.storeDocument({ id: "a", text: "bob likes honey" }, { bankId });
        const replaced = await store.getDocument("a", { bankId });
        assert.equal(replaced?.text, "bob likes honey");
        assert.deepEqual(replaced.tags ?? [], []);
        assert.deepEqual({ ...replaced.metadata }, {});
        assert.deepEqual(await searchIds(store, "marmalade"), []);
        assert.deepEqual(await searchIds(store, "honey"), ["a"]);
      },
    },
    {
      id: "DS-2",
      text: "getDocument gives nothing for an unknown id or another bank",
      check: async (store) => {
        await storeTexts(store, { a: "alice likes marmalade" });
        assert.equal((await store.getDocument("a", { bankId: "other" })) ?? undefined, undefined);
        assert.equal((await store.getDocument("unknown", { bankId })) ?? undefined, undefined);
      },
    },
    {
      id: "DS-3",
      text: "a search gives the most relevant first, at most limit, and nothing without a match",
      check: async (store) => {
        await storeTexts(store, {
          one: "bob likes plain marmalade",
          both: "alice likes orange marmalade",
          none: "carol plays chess",
        });
        await storeTexts(store, { foreign: "orange marmalade" }, "other");
        assert.deepEqual(await searchIds(store, "orange marmalade"), ["both", "one"]);
        assert.deepEqual(await searchIds(store, "ORANGE MARMALADE"), ["both", "one"]);
        const hits = await store.searchFulltext("orange marmalade", { bankId });
        assert.equal(hits[0]?.text, "alice likes orange marmalade");
        assert.ok(hits.every(({ score }) => Number.isFinite(score)));
        assert.ok((hits[0]?.score ?? 0) >= (hits[1]?.score ?? 0), "scores must not rise");
        assert.deepEqual(await searchIds(store, "orange marmalade", { limit: 1 }), ["both"]);
        assert.deepEqual(await searchIds(store, "orange marmalade", { limit: 0 }), []);
        for (const query of ["zeppelin", "", "   "]) {
          assert.deepEqual(await searchIds(store, query), [], `for ${JSON.stringify(query)}`);
        }
        assert.deepEqual(await searchIds(store, "marmalade", { bankId: "unknown" }), []);
      },
    },
    {
      id: "DS-3-default",
      text: "10 hits are the default limit",
      check: async (store) => {
        const texts = Array.from({ length: 12 }, (_, n) => [`n${n}`, `marmalade ${n}`]);
        await storeTexts(store, Object.fromEntries(texts));
        assert.equal((await searchIds(store, "marmalade")).length, 10);
      },
    },
    {
      id: "DS-query",
      text: "a query is text, whatever operators it holds",
      check: async (store) => {
        await storeTexts(store, { a: "alice likes marmalade", b: "bob plays chess" });
        for (const query of [
          'marmalade"',
          '"marmalade',
          "marmalade AND",
          "(marmalade",
          "marmalade OR",
          "NOT marmalade",
          "text:marmalade",
          "marmalade NEAR(",
          "-marmalade marmalade",
          "marmalade*  marmalade ^marmalade",
          "' OR 1=1 -- marmalade",
          "% _ marmalade",
        ]) {
          const found = await searchIds(store, query);
          assert.ok(!found.includes("b"), `${query} must not match what has no word of it`);
        }
        assert.deepEqual(await searchIds(store, "% _ * : ^"), []);
      },
    },
    {
      id: "DS-4",
      text: "deleteDocuments takes documents out of the search, or the store is the vector store",
      check: async (store, target) => {
        if (withoutMethod("deleteDocuments")(target)) {
          assert.ok(
            isProvider(store, "VectorStore"),
            "a document store that cannot delete must be the vector store",
          );
          return;
        }
        await storeTexts(store, { a: "marmalade", b: "marmalade", c: "marmalade" });
        await storeTexts(store, { a: "marmalade" }, "other");
        assert.equal(await store.deleteDocuments?.([], { bankId }), 0);
        assert.equal(await store.deleteDocuments?.(["a", "unknown"], { bankId }), 1);
        assert.equal(await store.deleteDocuments?.(["a"], { bankId }), 0);
        assert.deepEqual((await searchIds(store, "marmalade")).toSorted(), ["b", "c"]);
        assert.equal((await store.getDocument("a", { bankId })) ?? undefined, undefined);
        assert.deepEqual(await searchIds(store, "marmalade", { bankId: "other" }), ["a"]);
      },
    },
    {
      id: "DS-5",
      text: "tags match on any in common, by case, never an untagged document, before limit",
      unless: ({ honoursTags = true }) => !honoursTags && "the store does not filter by tags",
      check: async (store) => {
        for (const [id, tags] of Object.entries({ a: ["x", "y"], b: ["X"], c: undefined })) {
          await store.storeDocument({ id, text: "marmalade", tags }, { bankId });
        }
        assert.deepEqual(await searchIds(store, "marmalade", { filters: { tags: ["y"] } }), ["a"]);
        const one = { limit: 1, filters: { tags: ["X", "unknown"] } };
        assert.deepEqual(await searchIds(store, "marmalade", one), ["b"]);
        assert.deepEqual(await searchIds(store, "marmalade", { filters: { tags: ["z"] } }), []);
        const all = await searchIds(store, "marmalade", { filters: { tags: [] } });
        assert.deepEqual(all.toSorted(), ["a", "b", "c"]);
      },
    },
    {
      id: "DS-clearBank",
      text: "clearBank empties one bank and returns the number of its documents",
      unless: withoutMethod("clearBank"),
      check: async (store) => {
        await storeTexts(store, { a: "marmalade", b: "honey" });
        await storeTexts(store, { c: "marmalade" }, "other");
        assert.equal(await store.clearBank?.({ bankId }), 2);
        assert.deepEqual(await searchIds(store, "marmalade honey"), []);
        assert.deepEqual(await searchIds(store, "marmalade", { bankId: "other" }), ["c"]);
        assert.equal(await store.clearBank?.({ bankId }), 0);
      },
    },
  ],
};
