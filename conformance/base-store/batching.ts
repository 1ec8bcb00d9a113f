import assert from "node:assert/strict";
import type { Chapter } from "../suite.js";
import { assertValue, home, isRefusedByStore, numberedKeys, searchKeys } from "./fixtures.js";
import type { BaseStoreLike, StoreOperation } from "./store-like.js";
import type { BaseStoreTarget } from "./target.js";

/** Namespaces that no copy of LangGraph takes. */
const unlawful: readonly (readonly [string, string[]])[] = [
  ["no label", []],
  ["an empty label", ["users", ""]],
  ["a label with a dot", ["users", "a.b"]],
];

function put(namespace: string[], key = "k"): StoreOperation {
  return { namespace, key, value: { n: 1 } };
}

function write(key: string, value: Record<string, unknown> | null): StoreOperation {
  return { namespace: home, key, value };
}

export const batching: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "batches",
  statements: [
    {
      id: "BS-53",
      text: "the results of a batch stand in the order of its operations",
      check: async (store) => {
        await store.put(home, "a", { n: 1 });
        await store.put(["other"], "b", { n: 2 });
        const results: unknown[] = await store.batch([
          { namespacePrefix: ["other"], limit: 5, offset: 0 },
          { namespace: home, key: "a" },
          put(["third"], "c"),
          { matchConditions: [{ matchType: "prefix", path: home }], limit: 5, offset: 0 },
          { namespace: home, key: "missing" },
          { namespace: ["fourth"], key: "d", value: null },
          { namespacePrefix: home, limit: 5, offset: 0 },
        ]);
        const shown = results.map(shape);
        assert.deepEqual(shown, [["b"], "a", "nothing", [home], "nothing", "nothing", ["a"]]);
      },
    },
    {
      id: "BS-54",
      text: "a listing without conditions keeps its place in a batch",
      check: async (store) => {
        await store.put(home, "a", { n: 1 });
        const results = await store.batch([
          { limit: 5, offset: 0 },
          { namespace: home, key: "a" },
        ]);
        assert.deepEqual(results.map(shape), [[home], "a"]);
      },
    },
    {
      id: "BS-55",
      text: "of several writes to one key in a batch the last one counts",
      check: async (store) => {
        await store.batch([
          write("a", { n: 1 }),
          write("b", { n: 1 }),
          write("c", null),
          write("a", { n: 2 }),
          write("b", null),
          write("c", { n: 2 }),
        ]);
        assertValue(await store.get(home, "a"), { n: 2 });
        assert.equal(await store.get(home, "b"), null);
        assertValue(await store.get(home, "c"), { n: 2 });
      },
    },
    {
      id: "BS-56",
      text: "a batch of 300 puts and an empty batch are carried out",
      check: async (store) => {
        assert.deepEqual(await store.batch([]), []);
        const keys = Array.from({ length: 300 }, (_, at) => `k${at}`);
        const results = await store.batch(keys.map((key) => put(home, key)));
        assert.equal(results.length, 300);
        assert.equal((await searchKeys(store, home, { limit: 400 })).length, 300);
      },
    },
    {
      id: "BS-57",
      text: "put refuses an empty namespace, empty labels and labels with a dot",
      check: async (store) => {
        for (const [what, namespace] of unlawful) {
          const refused = await isRefusedByStore(() => store.put(namespace, "k", { n: 1 }));
          assert.ok(refused, `${what} must be refused`);
        }
        assert.deepEqual(await store.listNamespaces(), []);
      },
    },
    {
      id: "BS-58",
      text: "put refuses the reserved root langgraph",
      check: async (store) => {
        assert.ok(await isRefusedByStore(() => store.put(["langgraph"], "k", { n: 1 })));
        assert.ok(await isRefusedByStore(() => store.put(["langgraph", "x"], "k", { n: 1 })));
        await store.put(["users", "langgraph"], "k", { n: 1 });
        assert.ok(await store.get(["users", "langgraph"], "k"));
      },
    },
    {
      id: "BS-75",
      text: "the reserved root langgraph may be read and searched",
      check: async (store) => {
        assert.equal(await store.get(["langgraph"], "k"), null);
        assert.deepEqual(await store.search(["langgraph"]), []);
      },
    },
    {
      id: "BS-59",
      text: "a batch refuses to put where put refuses to",
      check: async (store) => {
        const reserved: readonly [string, string[]] = ["the reserved root", ["langgraph", "x"]];
        for (const [what, namespace] of [...unlawful, reserved]) {
          const refused = await isRefusedByStore(() => store.batch([put(namespace)]));
          assert.ok(refused, `${what} must be refused`);
        }
      },
    },
    {
      id: "BS-60",
      text: "a batch with an unlawful namespace changes nothing",
      check: async (store) => {
        await store.put(home, "gone?", { n: 1 });
        const refused = await isRefusedByStore(() =>
          store.batch([
            put(home, "first"),
            { namespace: home, key: "gone?", value: null },
            put(["users", ""]),
            put(home, "last"),
          ]),
        );
        assert.ok(refused, "the batch must be refused");
        assert.deepEqual(await searchKeys(store), ["gone?"]);
      },
    },
    {
      id: "BS-61",
      text: "concurrent batches each get their own results",
      check: async (store) => {
        const keys = numberedKeys(20);
        for (const key of keys) await store.put(home, key, { key });
        const results = await Promise.all(
          keys.map((key) =>
            store.batch([
              { namespace: home, key },
              { namespacePrefix: home, filter: { key }, limit: 5, offset: 0 },
            ]),
          ),
        );
        assert.deepEqual(
          results.map((result) => result.map(shape)),
          keys.map((key) => [key, [key]]),
        );
      },
    },
  ],
};

/** What kind of result it is, with the keys in it: "nothing", an item's key, the keys of items, or namespaces. */
function shape(result: unknown): unknown {
  if (result === null || result === undefined) return "nothing";
  if (Array.isArray(result)) return result.map(shape);
  return typeof result === "object" && "key" in result ? result.key : result;
}
