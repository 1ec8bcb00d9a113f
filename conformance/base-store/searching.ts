import assert from "node:assert/strict";
import type { Chapter } from "../suite.js";
import { assertValue, home, numberedKeys, pagedKeys, putAll, searchKeys } from "./fixtures.js";
import type { BaseStoreLike } from "./store-like.js";
import { withoutIndex, withoutRanking, type BaseStoreTarget } from "./target.js";

const query = "purple elephants dance at midnight";

function texts(keys: readonly string[]): Record<string, { text: string }> {
  return Object.fromEntries(keys.map((key) => [key, { text: `${query} ${key}` }]));
}

export const searching: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "searching",
  statements: [
    {
      id: "BS-11",
      text: "search without a query finds the items of the namespace and of those below it",
      check: async (store) => {
        await putAll(store, { own: { n: 1 } });
        await putAll(store, { deeper: { n: 2 } }, [...home, "a", "b"]);
        await putAll(store, { foreign: { n: 3 } }, ["elsewhere"]);
        assert.deepEqual((await searchKeys(store)).toSorted(), ["deeper", "own"]);
        assert.deepEqual(await searchKeys(store, [...home, "a"]), ["deeper"]);
        assert.deepEqual(await searchKeys(store, ["nowhere"]), []);
      },
    },
    {
      id: "BS-76",
      text: "search under [] finds all items",
      check: async (store) => {
        await putAll(store, { own: { n: 1 } });
        await putAll(store, { foreign: { n: 2 } }, ["elsewhere", "deeper"]);
        assert.deepEqual((await searchKeys(store, [])).toSorted(), ["foreign", "own"]);
      },
    },
    {
      id: "BS-12",
      text: "an item that search returns is the one that get returns",
      check: async (store) => {
        await store.put(home, "k", { a: { b: [1] } });
        const [found] = await store.search(home);
        const item = await store.get(home, "k");
        assertValue(found, { a: { b: [1] } });
        assert.equal(found?.key, "k");
        assert.deepEqual(found?.namespace, home);
        assert.equal(found?.createdAt.getTime(), item?.createdAt.getTime());
        assert.equal(found?.updatedAt.getTime(), item?.updatedAt.getTime());
      },
    },
    {
      id: "BS-13",
      text: "search returns 10 items unless told otherwise",
      check: async (store) => {
        for (const key of numberedKeys(12)) await store.put(home, key, { key });
        assert.equal((await store.search(home)).length, 10);
        assert.equal((await store.search(home, { limit: 11 })).length, 11);
        assert.equal((await store.search(home, { offset: 10 })).length, 2);
        assert.equal((await store.search(home, { offset: 12 })).length, 0);
      },
    },
    {
      id: "BS-14",
      text: "the pages of a search without a query repeat nothing and miss nothing",
      check: async (store) => {
        const keys = numberedKeys(23);
        for (const key of keys) await store.put(home, key, { key });
        const paged = await pagedKeys(store, { pageSize: 5 });
        assert.deepEqual(paged.toSorted(), keys);
      },
    },
    {
      id: "BS-15",
      text: "a filter applies before limit and offset",
      check: async (store) => {
        for (const [at, key] of numberedKeys(20).entries()) {
          await store.put(home, key, { even: at % 2 === 1 });
        }
        assert.equal((await store.search(home, { filter: { even: true }, limit: 3 })).length, 3);
        const paged = await pagedKeys(store, { pageSize: 3, filter: { even: true } });
        assert.deepEqual(
          paged.toSorted(),
          numberedKeys(20).filter((_, at) => at % 2 === 1),
        );
      },
    },
    {
      id: "BS-16",
      text: "a query puts the most similar first and gives it the highest score",
      unless: withoutRanking,
      check: async (store) => {
        await putAll(store, {
          far: { text: "quarterly tax report" },
          near: { text: query },
          close: { text: "purple elephants sleep" },
        });
        const hits = await store.search(home, { query, limit: 3 });
        assert.equal(hits[0]?.key, "near");
        const scores = hits.flatMap(({ score }) => (score === undefined ? [] : [score]));
        assert.ok(scores.length > 0 && hits[0]?.score !== undefined, "the best must have a score");
        assert.deepEqual(
          scores,
          scores.toSorted((a, b) => b - a),
          "higher scores come first",
        );
        const position = (key: string) => hits.findIndex((hit) => hit.key === key);
        assert.ok(position("far") === -1 || position("close") < position("far"));
      },
    },
    {
      id: "BS-17",
      text: "the pages of a search with a query repeat nothing and miss nothing",
      unless: withoutRanking,
      check: async (store) => {
        const keys = numberedKeys(23);
        await putAll(store, texts(keys));
        const paged = await pagedKeys(store, { pageSize: 5, query });
        assert.deepEqual(paged.toSorted(), keys);
      },
    },
    {
      id: "BS-18",
      text: "the pages of a search with a query repeat nothing when some items are not indexed",
      unless: withoutIndex,
      check: async (store) => {
        const keys = numberedKeys(12);
        await putAll(store, texts(keys));
        for (const key of ["bare1", "bare2", "bare3"]) await store.put(home, key, { key }, false);
        const paged = await pagedKeys(store, { pageSize: 5, query });
        assert.deepEqual(paged.toSorted(), [...new Set(paged)].toSorted(), "no item twice");
        assert.deepEqual(paged.filter((key) => keys.includes(key)).toSorted(), keys);
      },
    },
    {
      id: "BS-19",
      text: "a query finds an item that matches the filter, however many more similar ones do not",
      unless: withoutRanking,
      check: async (store) => {
        await putAll(store, texts(numberedKeys(30)));
        await store.put(home, "wanted", { text: "purple rain", kind: "wanted" });
        const hits = await store.search(home, { query, filter: { kind: "wanted" }, limit: 1 });
        assert.deepEqual(
          hits.map(({ key }) => key),
          ["wanted"],
        );
      },
    },
    {
      id: "BS-20",
      text: "a query finds items under the prefix, however many more similar ones are elsewhere",
      unless: withoutRanking,
      check: async (store) => {
        await putAll(store, texts(numberedKeys(30)), ["elsewhere"]);
        await store.put([...home, "deeper"], "own", { text: "purple rain" });
        const hits = await store.search(home, { query, limit: 1 });
        assert.deepEqual(
          hits.map(({ key }) => key),
          ["own"],
        );
      },
    },
  ],
};
