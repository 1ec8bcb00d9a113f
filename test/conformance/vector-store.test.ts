import { matchesFilters, type VectorItem, type VectorStore } from "astrocyte";
import { vectorStoreConformance } from "astrocyte/conformance";
import { createInMemoryVectorStore } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "./failed-ids.js";

vectorStoreConformance(
  { name: "in_memory", create: () => createInMemoryVectorStore() },
  { describe, it },
);

type Store = ReturnType<typeof createInMemoryVectorStore>;

/** An in-memory store with some methods replaced. */
function broken(change: (store: Store) => Partial<Store>): () => Store {
  return () => {
    const store = createInMemoryVectorStore();
    return { ...store, ...change(store) };
  };
}

/** Lets a search ask for all, then does what it likes with the hits. */
function searching(
  store: Store,
  change: (
    hits: Awaited<ReturnType<Store["searchSimilar"]>>,
    options: Parameters<Store["searchSimilar"]>[1],
  ) => Awaited<ReturnType<Store["searchSimilar"]>>,
): Partial<Store> {
  return {
    searchSimilar: async (vector, options) =>
      change(
        await store.searchSimilar(vector, { ...options, limit: 1000, filters: undefined }),
        options,
      ),
  };
}

function withoutBank(items: readonly VectorItem[]): VectorItem[] {
  return items.map((item) => ({ ...item, bankId: "one" }));
}

const subjects: readonly [string, string, () => VectorStore][] = [
  [
    "declares a capability it does not have",
    "VS-capabilities",
    broken((store) => ({ capabilities: { ...store.capabilities, supportsDelete: false } })),
  ],
  ["lacks a method", "VS-capabilities", broken(() => ({ clearBank: undefined as never }))],
  ["says version 2", "VS-1", broken(() => ({ spiVersion: 2 as never }))],
  [
    "stores something when given nothing",
    "VS-2",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.length > 0
            ? items
            : [{ id: "ghost", bankId: "bank", text: "boo", vector: [1, 0, 0, 0, 0, 0, 0, 0] }],
          options,
        ),
    })),
  ],
  [
    "returns ids sorted",
    "VS-3",
    broken((store) => ({
      storeVectors: async (items, options) => (await store.storeVectors(items, options)).toSorted(),
    })),
  ],
  [
    "merges instead of replacing",
    "VS-4",
    broken((store) => ({
      storeVectors: async (items, options) => {
        const merged: VectorItem[] = [];
        for (const item of items) {
          const [old] = await store.getByIds([item.id], { bankId: item.bankId });
          merged.push({ ...old, ...item });
        }
        return store.storeVectors(merged, options);
      },
    })),
  ],
  [
    "keys by id alone",
    "VS-5",
    broken((store) => ({
      storeVectors: async (items, options) => {
        for (const { id } of items) {
          for (const bankId of ["bank", "other"]) await store.delete([id], { bankId });
        }
        return store.storeVectors(items, options);
      },
    })),
  ],
  [
    "orders worst first",
    "VS-6",
    broken((store) =>
      searching(store, (hits, { limit = 10 }) => hits.toReversed().slice(0, limit)),
    ),
  ],
  [
    "gives raw negative cosines",
    "VS-7",
    broken((store) =>
      searching(store, (hits, { limit = 10 }) =>
        hits.slice(0, limit).map((hit) => ({ ...hit, score: hit.score === 0 ? -1 : hit.score })),
      ),
    ),
  ],
  [
    "gives NaN for zero vectors",
    "VS-7",
    broken((store) =>
      searching(store, (hits, { limit = 10 }) =>
        hits
          .slice(0, limit)
          .map((hit) => ({ ...hit, score: hit.score === 0 ? Number.NaN : hit.score })),
      ),
    ),
  ],
  [
    "returns hits in storing order",
    "VS-7-order",
    broken((store) =>
      searching(store, (hits, { limit = 10 }) =>
        hits.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit),
      ),
    ),
  ],
  ["ignores limit", "VS-8", broken((store) => searching(store, (hits) => hits))],
  [
    "throws for an unknown bank",
    "VS-9",
    broken((store) => ({
      listVectors: async (options) => {
        const items = await store.listVectors(options);
        if (items.length === 0) throw new Error("no such bank");
        return items;
      },
    })),
  ],
  [
    "ignores the bank",
    "VS-10",
    broken((store) => ({
      storeVectors: (items, options) => store.storeVectors(withoutBank(items), options),
      searchSimilar: (vector, options) =>
        store.searchSimilar(vector, { ...options, bankId: "one" }),
      listVectors: (options) => store.listVectors({ ...options, bankId: "one" }),
      delete: (ids, options) => store.delete(ids, { ...options, bankId: "one" }),
    })),
  ],
  [
    "treats the bank as a prefix when deleting",
    "VS-10",
    broken((store) => ({
      delete: async (ids, options) => {
        const count = await store.delete(ids, options);
        await store.delete(ids, { bankId: `${options.bankId}x` });
        return count;
      },
    })),
  ],
  [
    "ignores case in banks when clearing",
    "VS-clear-isolation",
    broken((store) => ({
      clearBank: async (options) => {
        await store.clearBank({ bankId: options.bankId.toUpperCase() });
        return store.clearBank(options);
      },
    })),
  ],
  [
    "lets a filter choose the bank",
    "VS-bank-filter",
    broken((store) => ({
      searchSimilar: (vector, options) =>
        store.searchSimilar(vector, {
          ...options,
          bankId: options.filters?.bankId ?? options.bankId,
        }),
    })),
  ],
  ["never deletes", "VS-11", broken(() => ({ delete: async (ids) => ids.length }))],
  [
    "counts what was asked, not what was removed",
    "VS-11",
    broken((store) => ({
      delete: async (ids, options) => {
        await store.delete(ids, options);
        return ids.length;
      },
    })),
  ],
  [
    "keeps what clearBank should delete",
    "VS-clearBank",
    broken((store) => ({
      clearBank: async (options) => (await store.listVectors(options)).length,
    })),
  ],
  [
    "repeats the last item of a page",
    "VS-12",
    broken((store) => ({
      listVectors: ({ offset = 0, ...options }) =>
        store.listVectors({ ...options, offset: Math.max(0, offset - 1) }),
    })),
  ],
  [
    "lists without vectors",
    "VS-13",
    broken((store) => ({
      listVectors: async (options) =>
        (await store.listVectors(options)).map((item) => ({ ...item, vector: [] })),
    })),
  ],
  [
    "drops null metadata",
    "VS-14",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.map((item) => ({
            ...item,
            metadata: Object.fromEntries(
              Object.entries(item.metadata ?? {}).filter(([, value]) => value !== null),
            ),
          })),
          options,
        ),
    })),
  ],
  [
    "keeps seconds only",
    "VS-14",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.map((item) => ({ ...item, occurredAt: item.occurredAt?.replace(/\.\d+/, "") })),
          options,
        ),
    })),
  ],
  [
    "lets untagged memories through a tag filter",
    "VS-15",
    broken((store) =>
      searching(store, (hits, { limit = 10, filters }) =>
        hits.filter((hit) => !hit.tags?.length || matchesFilters(hit, filters)).slice(0, limit),
      ),
    ),
  ],
  [
    "asks for every tag",
    "VS-15",
    broken((store) => ({
      searchSimilar: async (vector, options) =>
        (await store.searchSimilar(vector, options)).filter((hit) =>
          (options.filters?.tags ?? []).every((tag) => hit.tags?.includes(tag)),
        ),
    })),
  ],
  [
    "ignores fact types",
    "VS-16",
    broken((store) => ({
      searchSimilar: (vector, { filters, ...options }) =>
        store.searchSimilar(vector, { ...options, filters: { ...filters, factTypes: undefined } }),
    })),
  ],
  [
    "excludes the end of a time range",
    "VS-17",
    broken((store) => ({
      searchSimilar: async (vector, options) =>
        (await store.searchSimilar(vector, options)).filter(
          (hit) =>
            hit.occurredAt === undefined || hit.occurredAt !== options.filters?.timeRange?.[1],
        ),
    })),
  ],
  [
    "excludes the instant of asOf",
    "VS-18",
    broken((store) => ({
      searchSimilar: async (vector, options) =>
        (await store.searchSimilar(vector, options)).filter(
          (hit) => hit.retainedAt === undefined || hit.retainedAt !== options.filters?.asOf,
        ),
    })),
  ],
  [
    "ignores the session",
    "VS-19",
    broken((store) => ({
      searchSimilar: (vector, { filters, ...options }) =>
        store.searchSimilar(vector, { ...options, filters: { ...filters, sessionId: undefined } }),
    })),
  ],
  [
    "compares metadata as text",
    "VS-metadata",
    broken((store) =>
      searching(store, (hits, { limit = 10, filters: { metadataFilters, ...filters } = {} }) =>
        hits
          .filter((hit) => matchesFilters(hit, filters))
          .filter((hit) =>
            Object.entries(metadataFilters ?? {}).every(
              ([key, value]) => String(hit.metadata?.[key]) === String(value),
            ),
          )
          .slice(0, limit),
      ),
    ),
  ],
  [
    "filters after limit",
    "VS-20",
    broken((store) => ({
      searchSimilar: async (vector, { filters, ...options }) =>
        (await store.searchSimilar(vector, options)).filter((hit) => matchesFilters(hit, filters)),
    })),
  ],
  [
    "combines filters with OR",
    "VS-20",
    broken((store) =>
      searching(store, (hits, { limit = 10, filters = {} }) =>
        hits
          .filter(
            (hit) =>
              Object.keys(filters).length === 0 ||
              Object.entries(filters).some(([name, value]) =>
                matchesFilters(hit, { [name]: value }),
              ),
          )
          .slice(0, limit),
      ),
    ),
  ],
  [
    "takes any dimension",
    "VS-21",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.map((item) => ({ ...item, vector: item.vector.slice(0, 8) })),
          options,
        ),
      searchSimilar: (vector, options) => store.searchSimilar(vector.slice(0, 8), options),
    })),
  ],
  [
    "keeps the first items of a refused batch",
    "VS-21",
    broken((store) => ({
      storeVectors: async (items, options) => {
        const ids: string[] = [];
        for (const item of items) ids.push(...(await store.storeVectors([item], options)));
        return ids;
      },
    })),
  ],
  [
    "takes an empty text",
    "VS-22",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.map((item) => ({ ...item, text: item.text || "(none)" })),
          options,
        ),
    })),
  ],
  [
    "takes vectors that are not finite",
    "VS-finite",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.map((item) => ({
            ...item,
            vector: item.vector.map((value) => (Number.isFinite(value) ? value : 0)),
          })),
          options,
        ),
    })),
  ],
  [
    "throws from health",
    "VS-23",
    broken(() => ({ health: () => Promise.reject(new Error("down")) })),
  ],
  [
    "cuts a large batch",
    "VS-24",
    broken((store) => ({
      storeVectors: async (items, options) => {
        await store.storeVectors(items.slice(0, 500), options);
        return items.map(({ id }) => id);
      },
    })),
  ],
  [
    "loses concurrent writes",
    "VS-25",
    broken((store) => {
      let busy = false;
      return {
        storeVectors: async (items, options) => {
          const ids = items.map(({ id }) => id);
          if (busy) return ids;
          busy = true;
          await Promise.resolve();
          await store.storeVectors(items, options);
          busy = false;
          return ids;
        },
      };
    }),
  ],
  [
    "looks for chunks in every bank",
    "VS-26",
    broken((store) => ({
      getByChunkIds: async (ids, options) => [
        ...(await store.getByChunkIds(ids, options)),
        ...(await store.getByChunkIds(ids, { bankId: "other" })),
      ],
    })),
  ],
  [
    "lists the oldest first",
    "VS-27",
    broken((store) => ({
      listRecentVectors: async (options) => (await store.listRecentVectors(options)).toReversed(),
    })),
  ],
  [
    "drops items without a vector",
    "VS-empty-vector",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.filter(({ vector }) => vector.length > 0),
          options,
        ),
    })),
  ],
  [
    "throws for unknown ids",
    "VS-getByIds",
    broken((store) => ({
      getByIds: async (ids, options) => {
        const items = await store.getByIds(ids, options);
        if (items.length < ids.length) throw new Error("not found");
        return items;
      },
    })),
  ],
  [
    "normalises ids",
    "VS-hostile-ids",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.map((item) => ({ ...item, id: item.id.normalize("NFC") })),
          options,
        ),
    })),
  ],
  [
    "treats % in tags as a wildcard",
    "VS-hostile-tags",
    broken((store) =>
      searching(store, (hits, { limit = 10, filters: { tags, ...filters } = {} }) =>
        hits
          .filter((hit) => matchesFilters(hit, filters))
          .filter(
            (hit) =>
              !tags?.length ||
              tags.some((tag) =>
                hit.tags?.some((own) =>
                  tag.endsWith("%") ? own.startsWith(tag.slice(0, -1)) : own === tag,
                ),
              ),
          )
          .slice(0, limit),
      ),
    ),
  ],
  [
    "follows dots in metadata keys",
    "VS-hostile-keys",
    broken((store) => ({
      storeVectors: (items, options) =>
        store.storeVectors(
          items.map((item) => ({
            ...item,
            metadata: Object.fromEntries(
              Object.entries(item.metadata ?? {}).map(([key, value]) => [
                key.replaceAll('"', ""),
                value,
              ]),
            ),
          })),
          options,
        ),
    })),
  ],
  [
    "ignores an aborted signal",
    "VS-abort",
    broken((store) => ({
      listVectors: (options) => store.listVectors({ ...options, signal: undefined }),
    })),
  ],
  [
    "rejects with an error of its own when aborted",
    "VS-abort",
    broken((store) => ({
      searchSimilar: (vector, options) =>
        options.signal?.aborted
          ? Promise.reject(new Error("aborted"))
          : store.searchSimilar(vector, options),
    })),
  ],
  [
    "keeps the caller's objects",
    "VS-copies-in",
    broken((store) => {
      const kept = new Map<string, VectorItem>();
      return {
        storeVectors: (items, options) => {
          for (const item of items) kept.set(item.id, item);
          return store.storeVectors(items, options);
        },
        searchSimilar: async (vector, options) =>
          (await store.searchSimilar(vector, options)).map((hit) => ({
            ...hit,
            text: kept.get(hit.id)?.text ?? hit.text,
          })),
      };
    }),
  ],
  [
    "hands its own objects out",
    "VS-copies-out",
    broken((store) => {
      const kept = new Map<string, VectorItem>();
      return {
        listVectors: async (options) =>
          (await store.listVectors(options)).map((item) => {
            const key = `${item.bankId}/${item.id}`;
            const own = kept.get(key) ?? item;
            kept.set(key, own);
            return own;
          }),
      };
    }),
  ],
  [
    "cuts texts to the basic plane",
    "VS-unicode",
    broken((store) => ({
      listVectors: async (options) =>
        (await store.listVectors(options)).map((item) => ({
          ...item,
          text: item.text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, "?"),
        })),
    })),
  ],
  ["answers after close", "VS-close", broken(() => ({ close: async () => {} }))],
];

describe("a broken vector store", () => {
  it.each(subjects)("that %s fails %s", async (_what, id, create) => {
    const failed = await failedIds((runner) => {
      vectorStoreConformance({ name: "broken", create }, runner);
    });
    expect(failed).toContain(id);
  });

  it("that indexes no text fails VS-text", async () => {
    const create = broken((store) => ({
      capabilities: { ...store.capabilities, indexesText: true },
    }));
    const failed = await failedIds((runner) => {
      const capabilities = { indexesText: true };
      vectorStoreConformance({ name: "broken", create, capabilities }, runner);
    });
    expect(failed).toEqual(["VS-text"]);
  });

  it("that dies with its backend fails VS-23-down", async () => {
    const down = new WeakSet<object>();
    const create = broken((store) => ({
      async health() {
        if (down.has(this)) throw new Error("unreachable");
        return store.health();
      },
    }));
    const failed = await failedIds((runner) => {
      vectorStoreConformance(
        { name: "broken", create, takeDown: (store) => void down.add(store) },
        runner,
      );
    });
    expect(failed).toEqual(["VS-23-down"]);
  });
});
