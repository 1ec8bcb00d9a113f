import assert from "node:assert/strict";
import { hostileNames, unicodeTexts } from "../hostile-text.js";
import type { Chapter } from "../suite.js";
import { assertValue, home, numberedKeys, searchKeys } from "./fixtures.js";
import type { BaseStoreLike } from "./store-like.js";
import type { BaseStoreTarget } from "./target.js";

const fullValue = {
  text: "Calvin prefers dark mode",
  count: 9_007_199_254_740_991,
  ratio: -0.5,
  flag: true,
  off: false,
  none: null,
  empty: "",
  list: [1, "two", [3], { four: 4 }],
  nested: { deep: { deeper: ["x"] } },
  "a.b": "dotted",
  texts: [...unicodeTexts],
};

export const values: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "values",
  statements: [
    {
      id: "BS-1",
      text: "get returns what was put, with its key, its namespace and two dates",
      check: async (store) => {
        const namespace = ["users", "calvin", "facts"];
        await store.put(namespace, "k1", structuredClone(fullValue));
        const item = await store.get(namespace, "k1");
        assertValue(item, fullValue);
        assert.equal(item?.key, "k1");
        assert.deepEqual(item?.namespace, namespace);
        assert.ok(Number.isFinite(item?.createdAt.getTime()), "createdAt must be a date");
        assert.ok(Number.isFinite(item?.updatedAt.getTime()), "updatedAt must be a date");
      },
    },
    {
      id: "BS-2",
      text: "get of what was never put is null",
      check: async (store) => {
        assert.equal(await store.get(home, "k"), null);
        await store.put(home, "k", { a: 1 });
        assert.equal(await store.get(home, "other"), null);
        assert.equal(await store.get(["other"], "k"), null);
        assert.equal(await store.get([...home, "deeper"], "k"), null);
      },
    },
    {
      id: "BS-3",
      text: "a second put replaces the whole value and keeps createdAt",
      check: async (store) => {
        await store.put(home, "k", { a: 1, b: { c: 2 } });
        const before = await store.get(home, "k");
        const created = before?.createdAt.getTime() ?? Number.NaN;
        await store.put(home, "k", { b: { d: 3 } });
        const after = await store.get(home, "k");
        assertValue(after, { b: { d: 3 } });
        assert.equal(after?.createdAt.getTime(), created);
        assert.ok(
          (after?.updatedAt.getTime() ?? 0) >= created,
          "updatedAt is not before createdAt",
        );
        assert.deepEqual(await searchKeys(store), ["k"]);
      },
    },
    {
      id: "BS-4",
      text: "delete removes one item; deleting what is not there does nothing",
      check: async (store) => {
        await store.put(home, "a", { n: 1 });
        await store.put(home, "b", { n: 2 });
        await store.put([...home, "deeper"], "a", { n: 3 });
        await store.delete(home, "a");
        await store.delete(home, "never there");
        await store.delete(["nowhere"], "a");
        assert.equal(await store.get(home, "a"), null);
        assertValue(await store.get(home, "b"), { n: 2 });
        assertValue(await store.get([...home, "deeper"], "a"), { n: 3 });
      },
    },
    {
      id: "BS-5",
      text: "an item that is put again after delete is a new one",
      check: async (store) => {
        await store.put(home, "a", { old: true });
        await store.delete(home, "a");
        await store.put(home, "a", { fresh: true });
        assertValue(await store.get(home, "a"), { fresh: true });
        assert.deepEqual(await searchKeys(store), ["a"]);
      },
    },
    {
      id: "BS-6",
      text: "keys and the names inside values are taken literally",
      check: async (store) => {
        for (const name of hostileNames) {
          await store.put(home, name, Object.fromEntries([[name, `of ${name}`]]));
        }
        for (const name of hostileNames) {
          const item = await store.get(home, name);
          assertValue(item, Object.fromEntries([[name, `of ${name}`]]), JSON.stringify(name));
          assert.equal(item?.key, name);
        }
        assert.equal((await searchKeys(store)).length, hostileNames.length);
      },
    },
    {
      id: "BS-7",
      text: "a change to a value or a namespace after put does not reach the store",
      check: async (store) => {
        const value = { a: 1, nested: { list: [1] } };
        const namespace = [...home];
        await store.put(namespace, "k", value);
        value.a = 2;
        value.nested.list.push(2);
        namespace.push("elsewhere");
        const item = await store.get(home, "k");
        assertValue(item, { a: 1, nested: { list: [1] } });
        assert.deepEqual(item?.namespace, home);
      },
    },
    {
      id: "BS-8",
      text: "a change to an item that get returned does not reach the store",
      check: async (store) => {
        await store.put([...home], "k", { a: 1, nested: { list: [1] } });
        changeEverything(await store.get(home, "k"));
        const item = await store.get(home, "k");
        assertValue(item, { a: 1, nested: { list: [1] } });
        assert.deepEqual(item?.namespace, home);
      },
    },
    {
      id: "BS-9",
      text: "a change to an item that search returned does not reach the store",
      check: async (store) => {
        await store.put([...home], "k", { a: 1, nested: { list: [1] } });
        const [found] = await store.search(home);
        changeEverything(found);
        const item = await store.get(home, "k");
        assertValue(item, { a: 1, nested: { list: [1] } });
        assert.deepEqual(item?.namespace, home);
      },
    },
    {
      id: "BS-10",
      text: "concurrent puts lose none",
      check: async (store) => {
        const keys = numberedKeys(40);
        await Promise.all(keys.map((key) => store.put(home, key, { key })));
        assert.deepEqual((await searchKeys(store)).toSorted(), keys);
      },
    },
  ],
};

function changeEverything(
  item: { value: Record<string, unknown>; namespace: string[] } | null | undefined,
): void {
  assert.ok(item, "the item must be there");
  const { nested } = item.value;
  if (typeof nested === "object" && nested !== null && "list" in nested) {
    if (Array.isArray(nested.list)) nested.list.push(2);
  }
  item.value["a"] = 2;
  item.namespace.push("elsewhere");
}
