import type { Document, DocumentStore } from "astrocyte";
import { documentStoreConformance } from "astrocyte/conformance";
import { createInMemoryDocumentStore } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "./failed-ids.js";

documentStoreConformance(
  { name: "in_memory", create: () => createInMemoryDocumentStore() },
  { describe, it },
);

type Store = Required<DocumentStore>;

function broken(change: (store: Store) => Partial<Store>): () => Store {
  return () => {
    const store = createInMemoryDocumentStore();
    return { ...store, ...change(store) };
  };
}

const subjects: readonly [string, string, () => DocumentStore][] = [
  ["says version 2", "DS-declared", broken(() => ({ spiVersion: 2 as never }))],
  ["lacks a method", "DS-declared", broken(() => ({ deleteDocuments: undefined as never }))],
  [
    "loses metadata",
    "DS-1",
    broken((store) => ({
      storeDocument: ({ id, text, tags }, options) =>
        store.storeDocument({ id, text, tags }, options),
    })),
  ],
  [
    "keeps the first text of an id",
    "DS-1",
    broken((store) => ({
      storeDocument: async (document, options) =>
        (await store.getDocument(document.id, options))
          ? document.id
          : store.storeDocument(document, options),
    })),
  ],
  [
    "gets documents of another bank",
    "DS-2",
    broken((store) => ({
      getDocument: async (id, options) =>
        (await store.getDocument(id, options)) ?? store.getDocument(id, { bankId: "bank" }),
    })),
  ],
  [
    "orders worst first",
    "DS-3",
    broken((store) => ({
      searchFulltext: async (query, options) =>
        (await store.searchFulltext(query, options)).toReversed(),
    })),
  ],
  [
    "ignores limit",
    "DS-3",
    broken((store) => ({
      searchFulltext: (query, options) => store.searchFulltext(query, { ...options, limit: 100 }),
    })),
  ],
  [
    "gives 20 hits by default",
    "DS-3-default",
    broken((store) => ({
      searchFulltext: (query, options) => store.searchFulltext(query, { limit: 20, ...options }),
    })),
  ],
  [
    "fails on an operator in the query",
    "DS-query",
    broken((store) => ({
      searchFulltext: async (query, options) => {
        if (/["()]/.test(query)) throw new Error("syntax error");
        return store.searchFulltext(query, options);
      },
    })),
  ],
  ["never deletes", "DS-4", broken(() => ({ deleteDocuments: async (ids) => ids.length }))],
  [
    "lets untagged documents through a tag filter",
    "DS-5",
    broken((store) => ({
      searchFulltext: (query, options) =>
        store.searchFulltext(query, { ...options, filters: undefined }),
    })),
  ],
  [
    "filters after limit",
    "DS-5",
    broken((store) => ({
      searchFulltext: async (query, { limit = 10, ...options }) => {
        const first = await store.searchFulltext(query, { bankId: options.bankId, limit });
        const allowed = await store.searchFulltext(query, options);
        return first.filter((hit) =>
          allowed.some(({ documentId }) => documentId === hit.documentId),
        );
      },
    })),
  ],
  [
    "keeps what clearBank should delete",
    "DS-clearBank",
    broken(() => ({ clearBank: async () => 2 })),
  ],
  [
    "ignores case in banks",
    "DS-isolation",
    broken((store) => ({
      storeDocument: (document, { bankId }) =>
        store.storeDocument(document, { bankId: bankId.toLowerCase() }),
      searchFulltext: (query, options) =>
        store.searchFulltext(query, { ...options, bankId: options.bankId.toLowerCase() }),
    })),
  ],
  [
    "normalises ids",
    "DS-hostile-ids",
    broken((store) => ({
      storeDocument: (document, options) =>
        store.storeDocument({ ...document, id: document.id.normalize("NFC") }, options),
    })),
  ],
  [
    "lower-cases tags",
    "DS-hostile-tags",
    broken((store) => ({
      storeDocument: (document, options) =>
        store.storeDocument(
          { ...document, tags: document.tags?.map((tag) => tag.toLowerCase()) },
          options,
        ),
    })),
  ],
  [
    "ignores an aborted signal",
    "DS-abort",
    broken((store) => ({ getDocument: (id, { bankId }) => store.getDocument(id, { bankId }) })),
  ],
  [
    "keeps the caller's objects",
    "DS-copies-in",
    broken((store) => {
      const kept = new Map<string, Document>();
      return {
        storeDocument: (document, options) => {
          kept.set(document.id, document);
          return store.storeDocument(document, options);
        },
        getDocument: async (id, options) => (await store.getDocument(id, options)) && kept.get(id),
      };
    }),
  ],
  [
    "hands its own objects out",
    "DS-copies-out",
    broken((store) => {
      const kept = new Map<string, Document | undefined>();
      return {
        getDocument: async (id, options) => {
          const own = kept.get(id) ?? (await store.getDocument(id, options));
          kept.set(id, own);
          return own;
        },
      };
    }),
  ],
  [
    "indexes ASCII only",
    "DS-unicode",
    broken((store) => ({
      searchFulltext: async (query, options) =>
        /[^ -~]/.test(query) ? [] : store.searchFulltext(query, options),
    })),
  ],
  ["answers after close", "DS-close", broken(() => ({ close: async () => {} }))],
];

describe("a broken document store", () => {
  it.each(subjects)("that %s fails %s", async (_what, id, create) => {
    const failed = await failedIds((runner) => {
      documentStoreConformance({ name: "broken", create }, runner);
    });
    expect(failed).toContain(id);
  });

  it("that cannot delete, and is no vector store, fails DS-4", async () => {
    const failed = await failedIds((runner) => {
      documentStoreConformance(
        {
          name: "broken",
          create: broken(() => ({ deleteDocuments: undefined as never })),
          lacks: ["deleteDocuments"],
        },
        runner,
      );
    });
    expect(failed).toEqual(["DS-4"]);
  });
});
