import assert from "node:assert/strict";
import type { Chapter } from "../suite.js";
import { namespacesIn, sorted } from "./fixtures.js";
import type { BaseStoreLike } from "./store-like.js";
import type { BaseStoreTarget } from "./target.js";

const tree = [
  ["docs", "v1"],
  ["docs", "draft", "v1"],
  ["docs", "draft", "v2"],
  ["users", "calvin", "facts"],
  ["users", "calvin", "facts", "old"],
  ["users", "dora", "facts"],
  ["users", "dora", "notes"],
  ["v1"],
  ["v1", "docs"],
];

async function plant(store: BaseStoreLike): Promise<void> {
  for (const namespace of tree) {
    await store.put(namespace, "a", { n: 1 });
    await store.put(namespace, "b", { n: 2 });
  }
}

function where(test: (namespace: string[]) => boolean): string[][] {
  return sorted(tree.filter(test));
}

export const namespaces: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "namespaces",
  statements: [
    {
      id: "BS-43",
      text: "listNamespaces lists each namespace that holds an item once",
      check: async (store) => {
        assert.deepEqual(await store.listNamespaces(), []);
        await plant(store);
        assert.deepEqual(await namespacesIn(store), sorted(tree));
      },
    },
    {
      id: "BS-44",
      text: "listNamespaces by prefix lists the namespace itself and those below it",
      check: async (store) => {
        await plant(store);
        const calvin = ["users", "calvin"];
        assert.deepEqual(
          await namespacesIn(store, { prefix: calvin }),
          where(([first, second]) => first === "users" && second === "calvin"),
        );
        assert.deepEqual(
          await namespacesIn(store, { prefix: [...calvin, "facts"] }),
          where((namespace) => namespace.join("/").startsWith("users/calvin/facts")),
        );
        assert.deepEqual(await namespacesIn(store, { prefix: ["nobody"] }), []);
      },
    },
    {
      id: "BS-45",
      text: "listNamespaces by suffix lists those that end with it",
      check: async (store) => {
        await plant(store);
        assert.deepEqual(
          await namespacesIn(store, { suffix: ["v1"] }),
          where((namespace) => namespace.at(-1) === "v1"),
        );
        assert.deepEqual(
          await namespacesIn(store, { suffix: ["draft", "v1"] }),
          where((namespace) => namespace.join("/").endsWith("draft/v1")),
        );
      },
    },
    {
      id: "BS-46",
      text: "listNamespaces by prefix and suffix lists those that have both",
      check: async (store) => {
        await plant(store);
        assert.deepEqual(
          await namespacesIn(store, { prefix: ["users"], suffix: ["facts"] }),
          where((namespace) => namespace[0] === "users" && namespace.at(-1) === "facts"),
        );
      },
    },
    {
      id: "BS-47",
      text: "* in a prefix or a suffix of listNamespaces stands for any one label",
      check: async (store) => {
        await plant(store);
        assert.deepEqual(
          await namespacesIn(store, { prefix: ["users", "*", "facts"] }),
          where(([first, , third]) => first === "users" && third === "facts"),
        );
        assert.deepEqual(
          await namespacesIn(store, { suffix: ["draft", "*"] }),
          where((namespace) => namespace.at(-2) === "draft"),
        );
        assert.deepEqual(
          await namespacesIn(store, { prefix: ["*", "*", "*", "*"] }),
          where(({ length }) => length >= 4),
        );
      },
    },
    {
      id: "BS-48",
      text: "maxDepth cuts namespaces to that many labels and lists each result once",
      check: async (store) => {
        await plant(store);
        assert.deepEqual(
          await namespacesIn(store, { maxDepth: 1 }),
          sorted([["docs"], ["users"], ["v1"]]),
        );
        assert.deepEqual(
          await namespacesIn(store, { prefix: ["users"], maxDepth: 2 }),
          sorted([
            ["users", "calvin"],
            ["users", "dora"],
          ]),
        );
      },
    },
    {
      id: "BS-49",
      text: "the pages of listNamespaces repeat nothing and miss nothing",
      check: async (store) => {
        await plant(store);
        const pages: string[][] = [];
        for (let offset = 0; offset < tree.length; offset += 3) {
          const page = await store.listNamespaces({ limit: 3, offset });
          assert.equal(page.length, Math.min(3, tree.length - offset));
          pages.push(...page);
        }
        assert.deepEqual(await store.listNamespaces({ limit: 3, offset: tree.length }), []);
        assert.deepEqual(sorted(pages), sorted(tree));
      },
    },
    {
      id: "BS-50",
      text: "maxDepth applies before limit and offset",
      check: async (store) => {
        await plant(store);
        const first = await store.listNamespaces({ maxDepth: 1, limit: 2 });
        const second = await store.listNamespaces({ maxDepth: 1, limit: 2, offset: 2 });
        assert.equal(first.length, 2);
        assert.deepEqual(sorted([...first, ...second]), sorted([["docs"], ["users"], ["v1"]]));
      },
    },
    {
      id: "BS-51",
      text: "a namespace whose last item is deleted is not listed any more",
      check: async (store) => {
        await store.put(["a"], "k", { n: 1 });
        await store.put(["b"], "k", { n: 1 });
        await store.delete(["a"], "k");
        assert.deepEqual(await store.listNamespaces(), [["b"]]);
      },
    },
    {
      id: "BS-52",
      text: "reading or deleting what is not there makes no namespace",
      check: async (store) => {
        await store.get(["a"], "k");
        await store.delete(["b"], "k");
        await store.search(["c"]);
        assert.deepEqual(await store.listNamespaces(), []);
      },
    },
  ],
};
