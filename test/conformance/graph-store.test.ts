import type { Entity, GraphStore } from "astrocyte";
import { graphStoreConformance } from "astrocyte/conformance";
import { createInMemoryGraphStore } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "./failed-ids.js";

graphStoreConformance(
  { name: "in_memory", create: () => createInMemoryGraphStore() },
  { describe, it },
);

type Store = Required<GraphStore>;

function broken(change: (store: Store) => Partial<Store>): () => Store {
  return () => {
    const store = createInMemoryGraphStore();
    return { ...store, ...change(store) };
  };
}

const subjects: readonly [string, string, () => GraphStore][] = [
  ["says version 2", "GS-declared", broken(() => ({ spiVersion: 2 as never }))],
  ["lacks a method", "GS-declared", broken(() => ({ removeMemories: undefined as never }))],
  [
    "returns ids sorted",
    "GS-1",
    broken((store) => ({
      storeEntities: async (entities, options) =>
        (await store.storeEntities(entities, options)).toSorted(),
    })),
  ],
  [
    "searches names only",
    "GS-2",
    broken((store) => ({
      queryEntities: async (query, options) =>
        (await store.queryEntities(query, options)).filter(({ name }) =>
          name.toLowerCase().includes(query.toLowerCase()),
        ),
    })),
  ],
  [
    "minds the case of a query",
    "GS-2",
    broken((store) => ({
      queryEntities: async (query, options) =>
        (await store.queryEntities(query, options)).filter(({ name, aliases = [] }) =>
          [name, ...aliases].some((known) => known.includes(query)),
        ),
    })),
  ],
  ["finds no candidate", "GS-candidates", broken(() => ({ findEntityCandidates: async () => [] }))],
  [
    "gives one hit an association",
    "GS-3",
    broken((store) => ({
      queryNeighbors: async (ids, options) =>
        (await store.queryNeighbors(ids, options)).flatMap((hit) =>
          hit.connectedEntities.map((id) => ({ ...hit, connectedEntities: [id] })),
        ),
    })),
  ],
  [
    "ignores limit",
    "GS-3",
    broken((store) => ({
      queryNeighbors: (ids, options) => store.queryNeighbors(ids, { ...options, limit: 100 }),
    })),
  ],
  [
    "walks without bound",
    "GS-4",
    broken((store) => ({
      queryNeighbors: (ids, options) => store.queryNeighbors(ids, { ...options, maxDepth: 9 }),
    })),
  ],
  [
    "throws for unknown entities",
    "GS-5",
    broken((store) => ({
      queryNeighbors: async (ids, options) => {
        const hits = await store.queryNeighbors(ids, options);
        if (hits.length === 0) throw new Error("unknown entity");
        return hits;
      },
    })),
  ],
  [
    "orders candidates worst first",
    "GS-6",
    broken((store) => ({
      findEntityCandidatesScored: async (name, options) =>
        (await store.findEntityCandidatesScored(name, options)).toReversed(),
    })),
  ],
  [
    "scores an embedding that is not there as 0",
    "GS-6",
    broken((store) => ({
      findEntityCandidatesScored: async (name, options) =>
        (await store.findEntityCandidatesScored(name, options)).map((match) => ({
          embeddingSimilarity: 0,
          ...match,
        })),
    })),
  ],
  [
    "finds links from their source only",
    "GS-7",
    broken((store) => ({
      findMemoryLinks: async (seeds, options) =>
        (await store.findMemoryLinks(seeds, options)).filter(({ sourceMemoryId }) =>
          seeds.includes(sourceMemoryId),
        ),
    })),
  ],
  [
    "gives placeholder texts",
    "GS-8",
    broken((store) => ({
      queryNeighbors: async (ids, options) =>
        (await store.queryNeighbors(ids, options)).map((hit) => ({
          ...hit,
          text: `[graph result for ${hit.memoryId}]`,
        })),
    })),
  ],
  [
    "names unknown memories",
    "GS-entityIds",
    broken((store) => ({
      getEntityIdsForMemories: async (ids, options) => ({
        ...Object.fromEntries(ids.map((id) => [id, []])),
        ...(await store.getEntityIdsForMemories(ids, options)),
      }),
    })),
  ],
  ["never forgets", "GS-forget", broken(() => ({ removeMemories: async () => 2 }))],
  [
    "keeps what clearBank should delete",
    "GS-clearBank",
    broken(() => ({ clearBank: async () => 2 })),
  ],
  [
    "ignores case in banks",
    "GS-isolation",
    broken((store) => ({
      storeEntities: (entities, { bankId }) =>
        store.storeEntities(entities, { bankId: bankId.toLowerCase() }),
      queryEntities: (query, options) =>
        store.queryEntities(query, { ...options, bankId: options.bankId.toLowerCase() }),
    })),
  ],
  [
    "loses ids with a quote",
    "GS-hostile-ids",
    broken((store) => ({
      linkMemoriesToEntities: (associations, options) =>
        store.linkMemoriesToEntities(
          associations.filter(({ memoryId }) => !memoryId.includes("'")),
          options,
        ),
    })),
  ],
  [
    "ignores an aborted signal",
    "GS-abort",
    broken((store) => ({
      removeMemories: (ids, { bankId }) => store.removeMemories(ids, { bankId }),
    })),
  ],
  [
    "hands its own objects out",
    "GS-copies",
    broken((store) => {
      const kept = new Map<string, Entity>();
      return {
        queryEntities: async (query, options) =>
          (await store.queryEntities(query, options)).map((entity) => {
            const own = kept.get(entity.id) ?? entity;
            kept.set(entity.id, own);
            return own;
          }),
      };
    }),
  ],
  [
    "normalises names",
    "GS-unicode",
    broken((store) => ({
      storeEntities: (entities, options) =>
        store.storeEntities(
          entities.map((entity) => ({ ...entity, name: entity.name.normalize("NFC") })),
          options,
        ),
    })),
  ],
  ["answers after close", "GS-close", broken(() => ({ close: async () => {} }))],
];

describe("a broken graph store", () => {
  it.each(subjects)("that %s fails %s", async (_what, id, create) => {
    const failed = await failedIds((runner) => {
      graphStoreConformance({ name: "broken", create }, runner);
    });
    expect(failed).toContain(id);
  });
});
