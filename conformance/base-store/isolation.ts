import assert from "node:assert/strict";
import type { Chapter } from "../suite.js";
import { assertValue, isRefusedByStore, namespacesIn, searchKeys } from "./fixtures.js";
import type { BaseStoreLike } from "./store-like.js";
import { withoutRanking, type BaseStoreTarget } from "./target.js";

/** Labels that a store should take, so alike that a careless query confuses them. */
const lawfulLabels: readonly string[] = [
  "acme",
  "acm",
  "acme-corp",
  "acme_corp",
  "acmeX",
  "acmex",
  "ACME",
  "acme corp",
  "user_123",
  "user-123",
  "userx123",
  "50%",
  "50",
  "50x",
  "caf\u00e9",
  "cafe\u0301",
  "日本語",
  "👩‍👩‍👧",
  "constructor",
  "toString",
];

/** Labels that a store may refuse, or must keep apart from all others: wildcards, quotes, delimiters. */
const doubtfulLabels: readonly string[] = [
  "%",
  "_",
  "*",
  "?",
  "acme*",
  "acme%",
  "acm_",
  "[a]",
  "{acme}",
  "acme/facts",
  "acme|facts",
  "acme,facts",
  "acme:facts",
  "acme.facts",
  "acme::facts",
  "acme\\facts",
  'acme","facts',
  "acme\u001ffacts",
  "acme\nfacts",
  "acme\u0000facts",
  "acme' OR '1'='1",
  'acme"; DROP TABLE store; --',
  " acme",
  "acme ",
  "__proto__",
  "null",
];

/** Namespaces whose labels read alike once they are joined. */
const ambiguous: readonly (readonly [string[], string])[] = [
  [["a", "b"], "c"],
  [["a"], "b"],
  [["a"], "b:c"],
  [["a"], "b/c"],
  [["a"], "b.c"],
  [["a"], "b|c"],
  [["a"], "b,c"],
  [["a", "b", "c"], "c"],
];

/** Puts one item of the same key under each label that the store takes, and returns those labels. */
async function fill(
  store: BaseStoreLike,
  namespaceOf: (label: string) => string[],
): Promise<string[]> {
  const labels: string[] = [];
  for (const label of [...lawfulLabels, ...doubtfulLabels]) {
    const refused = await isRefusedByStore(() =>
      store.put(namespaceOf(label), "same", { text: "the same text", of: label }),
    );
    if (!refused) labels.push(label);
  }
  assert.ok(labels.includes("acme") && labels.includes("acme-corp"), "siblings must be taken");
  return labels;
}

const positions: readonly ((label: string) => string[])[] = [
  (label) => [label],
  (label) => ["tenants", label],
  (label) => ["tenants", label, "facts"],
];

export const isolation: Chapter<BaseStoreLike, BaseStoreTarget> = {
  title: "isolation",
  statements: [
    {
      id: "BS-62",
      text: "ordinary labels such as user_123, a-b, 50% and 日本語 are taken and come back",
      check: async (store) => {
        for (const label of [...lawfulLabels, "a-b", "Zoë", "100 % sure?"]) {
          await store.put([label], "k", { of: label });
          const item = await store.get([label], "k");
          assertValue(item, { of: label }, label);
          assert.deepEqual(item?.namespace, [label]);
        }
      },
    },
    {
      id: "BS-63",
      text: "get never crosses namespaces, however alike their labels",
      check: async (store) => {
        for (const namespaceOf of positions) {
          for (const label of await fill(store, namespaceOf)) {
            const item = await store.get(namespaceOf(label), "same");
            assert.equal(item?.value["of"], label, JSON.stringify(namespaceOf(label)));
            assert.deepEqual(item.namespace, namespaceOf(label));
          }
        }
      },
    },
    {
      id: "BS-64",
      text: "search under a prefix matches whole labels, and never as a pattern",
      check: async (store) => {
        for (const namespaceOf of positions) {
          const labels = await fill(store, namespaceOf);
          for (const label of labels) {
            const items = await store.search(namespaceOf(label).slice(0, 2), { limit: 100 });
            assert.deepEqual(
              items.map(({ value }) => value["of"]),
              [label],
              JSON.stringify(namespaceOf(label)),
            );
          }
          for (const label of labels) await store.delete(namespaceOf(label), "same");
        }
      },
    },
    {
      id: "BS-65",
      text: "search with a query under a prefix matches whole labels, and never as a pattern",
      unless: withoutRanking,
      check: async (store) => {
        for (const label of await fill(store, (name) => ["tenants", name])) {
          const items = await store.search(["tenants", label], {
            query: "the same text",
            limit: 100,
          });
          assert.deepEqual(
            items.map(({ value }) => value["of"]),
            [label],
            JSON.stringify(label),
          );
        }
      },
    },
    {
      id: "BS-66",
      text: "delete never crosses namespaces, however alike their labels",
      check: async (store) => {
        const labels = await fill(store, (label) => ["tenants", label]);
        for (const [at, label] of labels.entries()) {
          await store.delete(["tenants", label], "same");
          assert.equal(await store.get(["tenants", label], "same"), null);
          const left = await store.search(["tenants"], { limit: 100 });
          assert.equal(left.length, labels.length - at - 1, JSON.stringify(label));
        }
      },
    },
    {
      id: "BS-67",
      text: "listNamespaces by prefix and by suffix matches whole labels",
      check: async (store) => {
        const labels = await fill(store, (label) => [label, "of", label]);
        for (const label of labels) {
          if (label === "*") continue;
          const own = [[label, "of", label]];
          assert.deepEqual(await namespacesIn(store, { prefix: [label] }), own);
          assert.deepEqual(await namespacesIn(store, { suffix: [label] }), own);
        }
      },
    },
    {
      id: "BS-68",
      text: "namespaces and keys that read alike when joined are kept apart",
      check: async (store) => {
        for (const [namespace, key] of ambiguous) {
          await store.put(namespace, key, { of: [...namespace, key] });
        }
        for (const [namespace, key] of ambiguous) {
          const of = [...namespace, key];
          assertValue(await store.get(namespace, key), { of }, JSON.stringify(of));
        }
      },
    },
    {
      id: "BS-69",
      text: "namespaces and keys that read alike when joined are kept apart in one batch",
      check: async (store) => {
        await store.batch(
          ambiguous.map(([namespace, key]) => ({
            namespace,
            key,
            value: { of: [...namespace, key] },
          })),
        );
        for (const [namespace, key] of ambiguous) {
          const of = [...namespace, key];
          assertValue(await store.get(namespace, key), { of }, JSON.stringify(of));
        }
      },
    },
    {
      id: "BS-70",
      text: "a value that names another namespace does not move there",
      check: async (store) => {
        const value = { namespace: ["victim"], key: "k", namespacePrefix: [], value: null };
        await store.put(["attacker"], "k", value);
        assert.equal(await store.get(["victim"], "k"), null);
        assertValue(await store.get(["attacker"], "k"), value);
        assert.deepEqual(await searchKeys(store, ["victim"]), []);
      },
    },
  ],
};
