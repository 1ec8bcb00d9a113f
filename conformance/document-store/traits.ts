import assert from "node:assert/strict";
import type { DocumentStore } from "astrocyte";
import { hostileNames, similarBankIds, unicodeTexts, unlawfulBankIds } from "../hostile-text.js";
import { isRefused, rejectsWithCode, rejectsWithReason } from "../rejections.js";
import type { Chapter } from "../suite.js";
import { bankId, searchIds, storeTexts } from "./fixtures.js";
import { withoutMethod, type DocumentStoreTarget } from "./target.js";

export const traits: Chapter<DocumentStore, DocumentStoreTarget> = {
  title: "traits",
  statements: [
    {
      id: "DS-isolation",
      text: "searching, getting and deleting never cross banks, however alike their ids",
      check: async (store) => {
        const banks: string[] = [];
        for (const bank of [...similarBankIds, ...unlawfulBankIds]) {
          const document = { id: "same", text: `marmalade of ${bank}` };
          const stored = () => store.storeDocument(document, { bankId: bank });
          const refused = await isRefused(stored);
          if (!refused) banks.push(bank);
          assert.ok(!refused || unlawfulBankIds.includes(bank), `${bank} must be taken`);
        }
        const assertOwn = async (bank: string) => {
          const hits = await store.searchFulltext("marmalade", { bankId: bank });
          const texts = hits.map(({ text }) => text);
          assert.deepEqual(texts, [`marmalade of ${bank}`]);
          const own = await store.getDocument("same", { bankId: bank });
          assert.equal(own?.text, `marmalade of ${bank}`);
        };
        for (const bank of banks) await assertOwn(bank);
        const [first = "", second = "", ...others] = banks;
        await store.deleteDocuments?.(["same"], { bankId: first });
        await store.clearBank?.({ bankId: second });
        for (const bank of others) await assertOwn(bank);
      },
    },
    {
      id: "DS-hostile-ids",
      text: "ids are taken literally",
      check: async (store) => {
        for (const id of hostileNames) await storeTexts(store, { [`x${id}`]: `marmalade ${id}` });
        const ids = hostileNames.map((id) => `x${id}`);
        for (const [n, id] of ids.entries()) {
          const document = await store.getDocument(id, { bankId });
          assert.equal(document?.text, `marmalade ${hostileNames[n]}`);
        }
        const found = await searchIds(store, "marmalade", { limit: 100 });
        assert.deepEqual(found.toSorted(), ids.toSorted());
        if (!store.deleteDocuments) return;
        const left = new Set(ids);
        for (const id of ids) {
          assert.equal(await store.deleteDocuments([id], { bankId }), 1, JSON.stringify(id));
          left.delete(id);
          const rest = await searchIds(store, "marmalade", { limit: 100 });
          assert.deepEqual(rest.toSorted(), [...left].toSorted());
        }
      },
    },
    {
      id: "DS-hostile-tags",
      text: "tags are taken literally",
      unless: ({ honoursTags = true }) => !honoursTags && "the store does not filter by tags",
      check: async (store) => {
        for (const [n, tag] of hostileNames.entries()) {
          await store.storeDocument({ id: `n${n}`, text: "marmalade", tags: [tag] }, { bankId });
        }
        for (const [n, tag] of hostileNames.entries()) {
          const found = await searchIds(store, "marmalade", { filters: { tags: [tag] } });
          assert.deepEqual(found, [`n${n}`], tag);
        }
      },
    },
    {
      id: "DS-abort",
      text: "an aborted signal rejects every call with its reason, and nothing is changed",
      check: async (store) => {
        await storeTexts(store, { a: "marmalade" });
        await rejectsWithReason("storeDocument", (signal) =>
          store.storeDocument({ id: "b", text: "marmalade" }, { bankId, signal }),
        );
        await rejectsWithReason("searchFulltext", (signal) =>
          store.searchFulltext("marmalade", { bankId, signal }),
        );
        await rejectsWithReason("getDocument", (signal) =>
          store.getDocument("a", { bankId, signal }),
        );
        await rejectsWithReason("deleteDocuments", (signal) =>
          store.deleteDocuments?.(["a"], { bankId, signal }),
        );
        await rejectsWithReason("clearBank", (signal) => store.clearBank?.({ bankId, signal }));
        assert.deepEqual(await searchIds(store, "marmalade"), ["a"]);
      },
    },
    {
      id: "DS-copies-in",
      text: "changing a document after storing it changes nothing in the store",
      check: async (store) => {
        const document = { id: "a", text: "marmalade", metadata: { k: "v" }, tags: ["x"] };
        await store.storeDocument(document, { bankId });
        document.text = "changed";
        document.metadata.k = "changed";
        document.tags.push("y");
        const stored = await store.getDocument("a", { bankId });
        assert.deepEqual(
          { ...stored, metadata: { ...stored?.metadata } },
          { id: "a", text: "marmalade", metadata: { k: "v" }, tags: ["x"] },
        );
      },
    },
    {
      id: "DS-copies-out",
      text: "changing what came back changes nothing in the store",
      check: async (store) => {
        const document = { id: "a", text: "marmalade", metadata: { k: "v" }, tags: ["x"] };
        await store.storeDocument(document, { bankId });
        const read = await store.getDocument("a", { bankId });
        const [hit] = await store.searchFulltext("marmalade", { bankId });
        for (const found of [read, hit]) {
          assert.ok(found);
          found.text = "changed";
          Object.assign(found.metadata ?? {}, { k: "changed" });
        }
        read?.tags?.push("y");
        const again = await store.getDocument("a", { bankId });
        assert.deepEqual({ ...again, metadata: { ...again?.metadata } }, document);
        const [secondHit] = await store.searchFulltext("marmalade", { bankId });
        assert.equal(secondHit?.text, "marmalade");
        assert.deepEqual({ ...secondHit.metadata }, { k: "v" });
      },
    },
    {
      id: "DS-unicode",
      text: "texts come back code unit by code unit, and words beyond ASCII are found",
      check: async (store) => {
        for (const [n, text] of unicodeTexts.entries())
          await storeTexts(store, { [`n${n}`]: text });
        for (const [n, text] of unicodeTexts.entries()) {
          assert.equal((await store.getDocument(`n${n}`, { bankId }))?.text, text);
        }
        await storeTexts(store, { word: "über größere Straßen" });
        assert.deepEqual(await searchIds(store, "größere"), ["word"]);
      },
    },
    {
      id: "DS-close",
      text: "after close every call is refused as closed, and closing again is harmless",
      unless: withoutMethod("close"),
      check: async (store) => {
        await store.close?.();
        await rejectsWithCode(() => searchIds(store, "marmalade"), "ASTROCYTE_CLOSED");
        await rejectsWithCode(() => storeTexts(store, { a: "b" }), "ASTROCYTE_CLOSED");
        await store.close?.();
      },
    },
  ],
};
