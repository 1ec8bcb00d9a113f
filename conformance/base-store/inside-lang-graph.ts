import assert from "node:assert/strict";
import type { BaseStore } from "@langchain/langgraph";
import { importPeer } from "astrocyte";
import type { Chapter } from "../suite.js";
import { assertValue } from "./fixtures.js";
import type { BaseStoreLike, StoreItem } from "./store-like.js";
import { withoutLangGraph, type BaseStoreTarget } from "./target.js";

/** What LangGraph gives a node for `store`. */
type NodeStore = Pick<BaseStore, "get" | "put" | "search" | "delete">;

function loadLangGraph() {
  return importPeer(
    "@langchain/langgraph",
    "baseStoreConformance",
    () => import("@langchain/langgraph"),
  );
}

/** LangGraph needs no more of a store than its shape: it calls `batch`. */
function isLangGraphStore(store: BaseStoreLike): store is BaseStoreLike & BaseStore {
  return typeof store.batch === "function";
}

function asLangGraphStore(store: BaseStoreLike): BaseStore {
  assert.ok(isLangGraphStore(store), "a store must have batch");
  return store;
}

/** Runs `body` with the wrapper that every run of a graph puts around its store. */
async function throughBatchedStore(
  store: BaseStoreLike,
  body: (batched: NodeStore) => Promise<void>,
): Promise<void> {
  const { AsyncBatchedStore } = await loadLangGraph();
  const batched = new AsyncBatchedStore(asLangGraphStore(store));
  batched.start();
  try {
    await body(batched);
  } finally {
    await batched.stop();
  }
}

function storeOf(config: { store?: NodeStore }): NodeStore {
  assert.ok(config.store, "a node must be given the store");
  return config.store;
}

/** A graph of two nodes: the first writes, the second, a step later, reads. */
async function compileGraph(
  store: BaseStoreLike,
  write: (store: NodeStore, user: string) => Promise<void>,
  read: (store: NodeStore, user: string) => Promise<unknown>,
) {
  const { Annotation, END, START, StateGraph } = await loadLangGraph();
  const State = Annotation.Root({ user: Annotation<string>(), seen: Annotation<unknown>() });
  return new StateGraph(State)
    .addNode("write", async ({ user }, config) => {
      await write(storeOf(config), user);
      return {};
    })
    .addNode("read", async ({ user }, config) => ({ seen: await read(storeOf(config), user) }))
    .addEdge(START, "write")
    .addEdge("write", "read")
    .addEdge("read", END)
    .compile({ store: asLangGraphStore(store) });
}

function ofUser(user: string): string[] {
  return ["users", user];
}

function keysOf(items: readonly Pick<StoreItem, "key">[]): string[] {
  return items.map(({ key }) => key);
}

export const insideLangGraph: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "inside LangGraph",
  statements: [
    {
      id: "BS-71",
      text: "AsyncBatchedStore puts, gets, searches and deletes",
      unless: withoutLangGraph,
      check: async (store) => {
        await throughBatchedStore(store, async (batched) => {
          await batched.put(ofUser("calvin"), "k", { n: 1, kind: "x" });
          assertValue(await batched.get(ofUser("calvin"), "k"), { n: 1, kind: "x" });
          assert.deepEqual(keysOf(await batched.search(["users"])), ["k"]);
          assert.deepEqual(keysOf(await batched.search(["users"], { filter: { n: 2 } })), []);
          await batched.delete(ofUser("calvin"), "k");
          assert.equal(await batched.get(ofUser("calvin"), "k"), null);
        });
        assert.equal(await store.get(ofUser("calvin"), "k"), null);
      },
    },
    {
      id: "BS-72",
      text: "calls of one tick through AsyncBatchedStore each get their own result",
      unless: withoutLangGraph,
      check: async (store) => {
        await store.put(ofUser("a"), "k", { n: 1 });
        await store.put(ofUser("b"), "k", { n: 2 });
        await throughBatchedStore(store, async (batched) => {
          const [b, , found, none, a] = await Promise.all([
            batched.get(ofUser("b"), "k"),
            batched.put(ofUser("c"), "k", { n: 3 }),
            batched.search(ofUser("a")),
            batched.get(ofUser("nobody"), "k"),
            batched.get(ofUser("a"), "k"),
          ]);
          assertValue(a, { n: 1 });
          assertValue(b, { n: 2 });
          assert.equal(none, null);
          assert.deepEqual(
            found.map(({ namespace }) => namespace),
            [ofUser("a")],
          );
        });
        assertValue(await store.get(ofUser("c"), "k"), { n: 3 });
      },
    },
    {
      id: "BS-73",
      text: "nodes of a compiled graph write and read, and what they wrote outlives the run",
      unless: withoutLangGraph,
      check: async (store) => {
        const graph = await compileGraph(
          store,
          async (inside, user) => {
            const count = (await inside.search(ofUser(user))).length;
            await inside.put(ofUser(user), `visit${count + 1}`, { count: count + 1 });
          },
          async (inside, user) => keysOf(await inside.search(ofUser(user))).toSorted(),
        );
        const first = await graph.invoke({ user: "calvin" });
        assert.deepEqual(first.seen, ["visit1"]);
        const second = await graph.invoke({ user: "calvin" });
        assert.deepEqual(second.seen, ["visit1", "visit2"]);
        assertValue(await store.get(ofUser("calvin"), "visit2"), { count: 2 });
      },
    },
    {
      id: "BS-74",
      text: "concurrent runs of a compiled graph see only the namespace that they ask for",
      unless: withoutLangGraph,
      check: async (store) => {
        const users = ["acme", "acme-corp", "acmeX", "acm", "ACME", "日本語"];
        const graph = await compileGraph(
          store,
          (inside, user) => inside.put(ofUser(user), "note", { user }),
          async (inside, user) =>
            (await inside.search(ofUser(user))).map(({ value }) => value["user"]),
        );
        const runs = await Promise.all(users.map((user) => graph.invoke({ user })));
        assert.deepEqual(
          runs.map(({ seen }) => seen),
          users.map((user) => [user]),
        );
      },
    },
  ],
};
