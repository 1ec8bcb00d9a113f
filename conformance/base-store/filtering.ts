import assert from "node:assert/strict";
import { hostileNames } from "../hostile-text.js";
import type { Chapter } from "../suite.js";
import { home, isRefusedByStore, keysMatching, putAll, searchKeys } from "./fixtures.js";
import type { BaseStoreLike } from "./store-like.js";
import type { BaseStoreTarget } from "./target.js";

type Expectation = readonly [filter: Record<string, unknown>, keys: readonly string[]];

async function matches(store: BaseStoreLike, expectations: readonly Expectation[]): Promise<void> {
  for (const [filter, keys] of expectations) {
    assert.deepEqual(await keysMatching(store, filter), keys, JSON.stringify(filter));
  }
}

const numbers = { minus: { n: -5 }, one: { n: 1 }, two: { n: 2 }, ten: { n: 10 } };

const january = "2024-01-15T00:00:00.000Z";
const february = "2024-02-15T00:00:00.000Z";
const march = "2024-03-15T00:00:00.000Z";

export const filtering: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "filtering",
  statements: [
    {
      id: "BS-29",
      text: "a plain value in a filter matches what is equal to it, and all conditions must hold",
      check: async (store) => {
        await putAll(store, {
          a: { kind: "x", lang: "de" },
          b: { kind: "x", lang: "en" },
          c: { kind: "y", lang: "de" },
          d: {},
        });
        await matches(store, [
          [{ kind: "x" }, ["a", "b"]],
          [{ kind: "x", lang: "de" }, ["a"]],
          [{ kind: "X" }, []],
          [{ missing: "x" }, []],
          [{}, ["a", "b", "c", "d"]],
        ]);
      },
    },
    {
      id: "BS-30",
      text: "a text, a number, a truth value and null are not equal to one another",
      check: async (store) => {
        await putAll(store, {
          text1: { v: "1" },
          number1: { v: 1 },
          number0: { v: 0 },
          yes: { v: true },
          no: { v: false },
          textTrue: { v: "true" },
          none: { v: null },
          empty: { v: "" },
          missing: {},
        });
        await matches(store, [
          [{ v: 1 }, ["number1"]],
          [{ v: "1" }, ["text1"]],
          [{ v: 0 }, ["number0"]],
          [{ v: true }, ["yes"]],
          [{ v: "true" }, ["textTrue"]],
          [{ v: false }, ["no"]],
          [{ v: "" }, ["empty"]],
          [{ v: null }, ["none"]],
        ]);
      },
    },
    {
      id: "BS-31",
      text: "$eq and $ne",
      check: async (store) => {
        await putAll(store, { a: { v: "x" }, b: { v: "y" }, c: { v: 1 } });
        await matches(store, [
          [{ v: { $eq: "x" } }, ["a"]],
          [{ v: { $eq: 1 } }, ["c"]],
          [{ v: { $eq: "z" } }, []],
          [{ v: { $ne: "x" } }, ["b", "c"]],
        ]);
      },
    },
    {
      id: "BS-32",
      text: "$gt, $gte, $lt and $lte compare numbers as numbers",
      check: async (store) => {
        await putAll(store, numbers);
        await matches(store, [
          [{ n: { $gt: 2 } }, ["ten"]],
          [{ n: { $gte: 2 } }, ["ten", "two"]],
          [{ n: { $lt: 2 } }, ["minus", "one"]],
          [{ n: { $lte: 2 } }, ["minus", "one", "two"]],
          [{ n: { $gt: -6.5 } }, ["minus", "one", "ten", "two"]],
        ]);
      },
    },
    {
      id: "BS-33",
      text: "several operators on one key must all hold",
      check: async (store) => {
        await putAll(store, numbers);
        await matches(store, [
          [{ n: { $gt: 1, $lt: 10 } }, ["two"]],
          [{ n: { $gte: 1, $lte: 10, $ne: 2 } }, ["one", "ten"]],
          [{ n: { $gt: 2, $lt: 2 } }, []],
        ]);
      },
    },
    {
      id: "BS-34",
      text: "$in and $nin",
      check: async (store) => {
        await putAll(store, { a: { v: "x" }, b: { v: "y" }, c: { v: 1 } });
        await matches(store, [
          [{ v: { $in: ["x", 1, "unknown"] } }, ["a", "c"]],
          [{ v: { $in: ["1"] } }, []],
          [{ v: { $nin: ["x", 1] } }, ["b"]],
        ]);
      },
    },
    {
      id: "BS-35",
      text: "$in of nothing matches nothing, $nin of nothing matches everything",
      check: async (store) => {
        await putAll(store, { a: { v: "x" }, b: {} });
        await matches(store, [
          [{ v: { $in: [] } }, []],
          [{ v: { $nin: [] } }, ["a", "b"]],
        ]);
      },
    },
    {
      id: "BS-36",
      text: "$ne and $nin match items that lack the key",
      check: async (store) => {
        await putAll(store, { a: { v: "x" }, b: { other: 1 } });
        await matches(store, [
          [{ v: { $ne: "x" } }, ["b"]],
          [{ v: { $nin: ["x"] } }, ["b"]],
        ]);
      },
    },
    {
      id: "BS-37",
      text: "dates as epoch milliseconds are compared by $gt and $lt",
      check: async (store) => {
        await putAll(store, {
          jan: { at: 1_705_276_800_000 },
          feb: { at: 1_707_955_200_000 },
          mar: { at: 1_710_460_800_000 },
        });
        await matches(store, [
          [{ at: { $gt: 1_707_955_200_000 } }, ["mar"]],
          [{ at: { $gte: 1_707_955_200_000 } }, ["feb", "mar"]],
          [{ at: { $gt: 1_705_276_800_000, $lt: 1_710_460_800_000 } }, ["feb"]],
        ]);
      },
    },
    {
      id: "BS-38",
      text: "dates as ISO texts are compared by $gt and $lt",
      check: async (store) => {
        await putAll(store, { jan: { at: january }, feb: { at: february }, mar: { at: march } });
        await matches(store, [
          [{ at: { $gt: february } }, ["mar"]],
          [{ at: { $gte: february } }, ["feb", "mar"]],
          [{ at: { $lt: february } }, ["jan"]],
          [{ at: { $lte: february } }, ["feb", "jan"]],
          [{ at: { $gt: january, $lt: march } }, ["feb"]],
        ]);
      },
    },
    {
      id: "BS-39",
      text: "null, a missing value and a word are neither greater nor smaller than a number",
      check: async (store) => {
        await putAll(store, { none: { n: null }, missing: {}, word: { n: "many" }, two: { n: 2 } });
        await matches(store, [
          [{ n: { $gt: -1 } }, ["two"]],
          [{ n: { $lt: 3 } }, ["two"]],
          [{ n: { $gte: 0 } }, ["two"]],
          [{ n: { $lte: 2 } }, ["two"]],
        ]);
      },
    },
    {
      id: "BS-40",
      text: "an operator that is not known matches nothing or is refused",
      check: async (store) => {
        await putAll(store, { a: { v: "x" }, b: { v: 1 } });
        for (const condition of [{ $regex: ".*" }, { $exists: true }, { $or: [] }, { gt: 0 }]) {
          let found: string[] = [];
          await isRefusedByStore(async () => {
            found = await keysMatching(store, { v: condition });
          });
          assert.deepEqual(found, [], JSON.stringify(condition));
        }
      },
    },
    {
      id: "BS-41",
      text: "the keys of a filter are taken literally",
      check: async (store) => {
        const names = [...hostileNames, "x') OR ('1'='1", "a.b", "nested.v"];
        await store.put(home, "decoy", { nested: { v: 1 }, v: 2 });
        for (const [at, name] of names.entries()) {
          await store.put(home, `key${at}`, Object.fromEntries([[name, 1]]));
        }
        for (const [at, name] of names.entries()) {
          const filter = Object.fromEntries([[name, 1]]);
          assert.deepEqual(await keysMatching(store, filter), [`key${at}`], JSON.stringify(name));
        }
      },
    },
    {
      id: "BS-42",
      text: "the values of a filter are taken literally",
      check: async (store) => {
        for (const [at, name] of hostileNames.entries()) {
          await store.put(home, `key${at}`, { v: name });
        }
        for (const [at, name] of hostileNames.entries()) {
          const own = [`key${at}`];
          assert.deepEqual(await keysMatching(store, { v: name }), own, JSON.stringify(name));
          assert.deepEqual(await keysMatching(store, { v: { $in: [name] } }), own);
          assert.equal(
            (await searchKeys(store, home, { filter: { v: { $ne: name } } })).length,
            hostileNames.length - 1,
          );
        }
      },
    },
  ],
};
