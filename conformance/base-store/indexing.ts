import assert from "node:assert/strict";
import type { Chapter } from "../suite.js";
import { home, putAll } from "./fixtures.js";
import type { BaseStoreLike } from "./store-like.js";
import { withoutIndex, withoutRanking, type BaseStoreTarget } from "./target.js";

const query = "purple elephants dance";
const similar = { text: "purple elephants sleep" };

/** Asserts that a query does not find an item for what it held before: others that are similar come first. */
async function assertForgotten(store: BaseStoreLike, key: string): Promise<void> {
  const hits = await store.search(home, { query, limit: 10 });
  const found = hits.find((hit) => hit.key === key);
  assert.equal(hits[0]?.key, "similar", `${key} must not be found by a text it no longer has`);
  const best = hits[0]?.score ?? 0;
  assert.ok(found?.score === undefined || found.score < best);
}

export const indexing: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "indexing",
  statements: [
    {
      id: "BS-21",
      text: "a replaced text is not found any more, its replacement is",
      unless: withoutRanking,
      check: async (store) => {
        await putAll(store, { k: { text: query }, similar });
        await store.put(home, "k", { text: "quarterly tax report" });
        await assertForgotten(store, "k");
        const [hit] = await store.search(home, { query: "quarterly tax report" });
        assert.equal(hit?.key, "k");
      },
    },
    {
      id: "BS-22",
      text: "a deleted item is found neither by a query nor without",
      unless: withoutRanking,
      check: async (store) => {
        await putAll(store, { k: { text: query }, similar });
        await store.delete(home, "k");
        for (const options of [{ query }, {}]) {
          const hits = await store.search(home, options);
          assert.deepEqual(
            hits.map(({ key }) => key),
            ["similar"],
          );
        }
      },
    },
    {
      id: "BS-23",
      text: "an item that is deleted and put again is not found by its old text",
      unless: withoutRanking,
      check: async (store) => {
        await putAll(store, { k: { text: query }, similar });
        await store.delete(home, "k");
        await store.put(home, "k", { text: "quarterly tax report" });
        await assertForgotten(store, "k");
      },
    },
    {
      id: "BS-24",
      text: "an item that is deleted and put again with index false is not found by its old text",
      unless: withoutIndex,
      check: async (store) => {
        await putAll(store, { k: { text: query }, similar });
        await store.delete(home, "k");
        await store.put(home, "k", { text: query }, false);
        await assertForgotten(store, "k");
      },
    },
    {
      id: "BS-25",
      text: "a second put with index false takes the item out of the index",
      unless: withoutIndex,
      check: async (store) => {
        await putAll(store, { k: { text: query }, similar });
        await store.put(home, "k", { text: query }, false);
        await assertForgotten(store, "k");
      },
    },
    {
      id: "BS-26",
      text: "an item that is put with index false is kept, and a query gives it no score",
      unless: withoutIndex,
      check: async (store) => {
        await store.put(home, "k", { text: query }, false);
        await store.put(home, "similar", similar);
        assert.ok(await store.get(home, "k"));
        assert.equal((await store.search(home)).length, 2);
        await assertForgotten(store, "k");
        const hits = await store.search(home, { query });
        assert.equal(hits.find(({ key }) => key === "k")?.score, undefined);
      },
    },
    {
      id: "BS-27",
      text: "an item is found by the fields that index names, and by no others",
      unless: withoutIndex,
      check: async (store) => {
        const value = { first: query, second: "quarterly tax report" };
        await store.put(home, "by first", value, ["first"]);
        await store.put(home, "by second", value, ["second"]);
        const [first] = await store.search(home, { query: value.first });
        assert.equal(first?.key, "by first");
        const [second] = await store.search(home, { query: value.second });
        assert.equal(second?.key, "by second");
      },
    },
    {
      id: "BS-28",
      text: "an element that left an indexed list is not found any more",
      unless: withoutIndex,
      check: async (store) => {
        await store.put(home, "k", { notes: ["tax", query] }, ["notes[*]"]);
        await store.put(home, "similar", similar);
        const [before] = await store.search(home, { query });
        assert.equal(before?.key, "k", "each element of the list is indexed");
        await store.put(home, "k", { notes: ["tax"] }, ["notes[*]"]);
        await assertForgotten(store, "k");
      },
    },
  ],
};
