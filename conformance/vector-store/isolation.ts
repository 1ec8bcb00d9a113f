import assert from "node:assert/strict";
import type { VectorStore } from "astrocyte";
import { hostileNames, similarBankIds, unlawfulBankIds } from "../hostile-text.js";
import { isRefused } from "../rejections.js";
import type { Chapter } from "../suite.js";
import { bankId, contents, foundIds, idsIn, memory, search } from "./fixtures.js";
import { capabilitiesOf, withoutFilter, type VectorStoreTarget } from "./target.js";

/** Stores one item of the same id in each bank that the store takes, and returns those banks. */
async function fillBanks(store: VectorStore, target: VectorStoreTarget): Promise<string[]> {
  const banks: string[] = [...similarBankIds];
  for (const bank of similarBankIds) {
    await store.storeVectors([memory(target, "same", { bankId: bank, text: `of ${bank}` })]);
  }
  for (const bank of unlawfulBankIds) {
    const item = memory(target, "same", { bankId: bank, text: `of ${bank}` });
    if (!(await isRefused(() => store.storeVectors([item])))) banks.push(bank);
  }
  return banks;
}

export const isolation: Chapter<VectorStore, VectorStoreTarget> = {
  title: "isolation",
  statements: [
    {
      id: "VS-10",
      text: "searching, listing and deleting never cross banks, however alike their ids",
      check: async (store, target) => {
        const banks = await fillBanks(store, target);
        for (const bank of banks) {
          const own = [{ id: "same", text: `of ${bank}` }];
          assert.deepEqual(await contents(store, target, bank), own);
          const hits = await search(store, target, { bankId: bank });
          assert.deepEqual(
            hits.map(({ id, text }) => ({ id, text })),
            own,
          );
        }
        if (!capabilitiesOf(target).supportsDelete) return;
        const left = new Set(banks);
        for (const bank of banks) {
          assert.equal(await store.delete(["same"], { bankId: bank }), 1);
          left.delete(bank);
          for (const other of left) {
            assert.equal(
              (await contents(store, target, other)).length,
              1,
              `${other} lost its item`,
            );
          }
        }
      },
    },
    {
      id: "VS-clear-isolation",
      text: "clearing a bank leaves the banks with similar ids alone",
      unless: ({ lacks }) => lacks?.includes("clearBank") && "the store has no clearBank",
      check: async (store, target) => {
        const [first = "", ...others] = await fillBanks(store, target);
        assert.equal(await store.clearBank?.({ bankId: first }), 1);
        for (const bank of others) {
          assert.equal((await contents(store, target, bank)).length, 1, `${bank} lost its item`);
        }
      },
    },
    {
      id: "VS-bank-filter",
      text: "a filter that names another bank does not open it",
      check: async (store, target) => {
        await store.storeVectors([memory(target, "a"), memory(target, "b", { bankId: "other" })]);
        const hits = await search(store, target, { filters: { bankId: "other" } });
        assert.ok(hits.every(({ id }) => id !== "b"));
      },
    },
    {
      id: "VS-hostile-ids",
      text: "ids are taken literally",
      check: async (store, target) => {
        const ids = hostileNames;
        const items = ids.map((id) => memory(target, id));
        assert.deepEqual(await store.storeVectors(items), ids);
        assert.deepEqual(await idsIn(store, target), ids.toSorted());
        if (!capabilitiesOf(target).supportsDelete) return;
        const left = new Set(ids);
        for (const id of ids) {
          assert.equal(await store.delete([id], { bankId }), 1, `deleting ${JSON.stringify(id)}`);
          left.delete(id);
          assert.deepEqual(await idsIn(store, target), [...left].toSorted());
        }
      },
    },
    {
      id: "VS-hostile-tags",
      text: "tags are taken literally",
      unless: withoutFilter("tags"),
      check: async (store, target) => {
        await store.storeVectors(
          hostileNames.map((tag, n) => memory(target, `n${n}`, { tags: [tag] })),
        );
        for (const [n, tag] of hostileNames.entries()) {
          const expected = [`n${n}`];
          assert.deepEqual(await foundIds(store, target, { tags: [tag] }), expected, tag);
        }
      },
    },
    {
      id: "VS-hostile-keys",
      text: "metadata keys and values are taken literally, and none reaches a prototype",
      unless: withoutFilter("metadataFilters"),
      check: async (store, target) => {
        const keys = hostileNames.filter((key) => key !== "__proto__");
        await store.storeVectors(
          keys.map((key, n) => memory(target, `n${n}`, { metadata: { [key]: key } })),
        );
        for (const [n, key] of keys.entries()) {
          const found = await foundIds(store, target, { metadataFilters: { [key]: key } });
          assert.deepEqual(found, [`n${n}`], key);
        }
        const metadata: Record<string, string> = {};
        Object.defineProperty(metadata, "__proto__", { value: "x", enumerable: true });
        await isRefused(() => store.storeVectors([memory(target, "proto", { metadata })]));
        for (const hit of await search(store, target)) {
          const { constructor } = Object.getPrototypeOf(hit.metadata ?? {}) ?? Object.prototype;
          assert.equal(constructor, Object);
        }
      },
    },
  ],
};
