import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import {
  langChainVectorStoreConformance,
  type LangChainVectorStoreTarget,
} from "astrocyte/conformance";
import { HashedEmbeddings } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "../failed-ids.js";
import { ReferenceVectorStore, type DeleteParameters } from "./reference-vector-store.js";

function filterBy(name: string, value: string): Record<string, string> {
  return { [name]: value };
}

langChainVectorStoreConformance(
  { name: "reference", create: () => new ReferenceVectorStore(), filterBy },
  { describe, it },
);

function failuresOf(target: Omit<LangChainVectorStoreTarget, "name">): Promise<string[]> {
  return failedIds((runner) =>
    langChainVectorStoreConformance({ name: "broken", filterBy, ...target }, runner),
  );
}

function broken(
  change: (store: ReferenceVectorStore) => Partial<ReferenceVectorStore>,
): () => ReferenceVectorStore {
  return () => {
    const store = new ReferenceVectorStore();
    return Object.assign(store, change(store));
  };
}

/** Adds something else than it was given. */
function adding(
  change: (
    documents: Parameters<ReferenceVectorStore["addVectors"]>[1],
    store: ReferenceVectorStore,
  ) => typeof documents,
): () => ReferenceVectorStore {
  return broken((store) => {
    const addVectors = store.addVectors.bind(store);
    return {
      addVectors: (vectors, documents, options) =>
        addVectors(vectors, change(documents, store), options),
    };
  });
}

/** Finds something else than it should. */
function finding(
  change: (
    hits: Awaited<ReturnType<ReferenceVectorStore["similaritySearchVectorWithScore"]>>,
    query: number[],
    store: ReferenceVectorStore,
  ) => typeof hits,
): () => ReferenceVectorStore {
  return broken((store) => {
    const search = store.similaritySearchVectorWithScore.bind(store);
    return {
      similaritySearchVectorWithScore: async (query, k, filter) =>
        change(await search(query, k, filter), query, store),
    };
  });
}

/** Deletes something else than it should. */
function deleting(
  change: (
    parameters: DeleteParameters,
    remove: ReferenceVectorStore["delete"],
    store: ReferenceVectorStore,
  ) => Promise<void>,
): () => ReferenceVectorStore {
  return broken((store) => {
    const remove = store.delete.bind(store);
    return { delete: (parameters) => change(parameters ?? {}, remove, store) };
  });
}

const subjects: readonly [string, string[], () => ReferenceVectorStore][] = [
  [
    "makes texts of all metadata",
    ["LVS-1"],
    adding((documents) =>
      documents.map((document) => ({
        ...document,
        metadata: Object.fromEntries(
          Object.entries(document.metadata).map(([name, value]) => [
            name,
            typeof value === "number" ? String(value) : value,
          ]),
        ),
      })),
    ),
  ],
  [
    "keeps only flat metadata",
    ["LVS-2", "LVS-8", "LVS-9"],
    adding((documents) =>
      documents.map((document) => ({
        ...document,
        metadata: Object.fromEntries(
          Object.entries(document.metadata).filter(([, value]) => typeof value !== "object"),
        ),
      })),
    ),
  ],
  [
    "normalises texts",
    ["LVS-3"],
    adding((documents) =>
      documents.map((document) => ({
        ...document,
        pageContent: document.pageContent.normalize("NFC"),
      })),
    ),
  ],
  [
    "adds an empty document for none",
    ["LVS-4", "LVS-13"],
    broken((store) => {
      const addVectors = store.addVectors.bind(store);
      return {
        addVectors: (vectors, documents, options) =>
          documents.length > 0
            ? addVectors(vectors, documents, options)
            : addVectors([[1]], [{ pageContent: "", metadata: {} }]),
      };
    }),
  ],
  [
    "embeds the texts itself",
    ["LVS-5"],
    broken((store) => {
      const addVectors = store.addVectors.bind(store);
      return {
        addVectors: async (_vectors, documents, options) =>
          addVectors(
            await store.embeddings.embedDocuments(documents.map(({ pageContent }) => pageContent)),
            documents,
            options,
          ),
      };
    }),
  ],
  [
    "starts over with each addition",
    ["LVS-6", "LVS-7", "LVS-14", "LVS-31"],
    broken((store) => {
      const addVectors = store.addVectors.bind(store);
      return {
        addVectors: (vectors, documents, options) => {
          if (documents.length > 0) store.entries.clear();
          return addVectors(vectors, documents, options);
        },
      };
    }),
  ],
  [
    "loses concurrent additions",
    ["LVS-7"],
    broken((store) => {
      const addVectors = store.addVectors.bind(store);
      return {
        addVectors: async (vectors, documents, options) => {
          const before = new Map(store.entries);
          await new Promise(setImmediate);
          store.entries = before;
          return addVectors(vectors, documents, options);
        },
      };
    }),
  ],
  [
    "keeps the caller's own documents",
    ["LVS-8"],
    broken((store) => {
      const keep = store.keep.bind(store);
      return {
        addVectors: async (vectors, documents, options) =>
          documents.map((document, at) => {
            const id = store.idFor(document, options?.ids?.[at]);
            const { pageContent, metadata } = document;
            keep({ id, vector: [...(vectors[at] ?? [])], document: { pageContent, metadata } });
            return id;
          }),
      };
    }),
  ],
  [
    "gives out its own documents",
    ["LVS-9"],
    broken(() => ({ show: ({ id, document }) => Object.assign(document, { id }) })),
  ],
  [
    "ignores options.ids",
    ["LVS-10"],
    broken((store) => ({
      idFor: (document) => document.id ?? `created-${(store.created += 1)}`,
    })),
  ],
  [
    "ignores Document.id",
    ["LVS-11"],
    broken((store) => ({
      idFor: (_document, given) => given ?? `created-${(store.created += 1)}`,
    })),
  ],
  [
    "shows no ids",
    ["LVS-10", "LVS-11", "LVS-12"],
    broken((store) => ({
      show: ({ document: { pageContent, metadata } }) => store.copy({ pageContent, metadata }),
    })),
  ],
  [
    "shows no ids that it created",
    ["LVS-12"],
    broken((store) => ({
      show: ({ id, document: { pageContent, metadata } }) =>
        store.copy({ pageContent, metadata, ...(!id.startsWith("created-") && { id }) }),
    })),
  ],
  [
    "returns ids in reverse",
    ["LVS-13", "LVS-29", "LVS-30", "LVS-31", "LVS-34"],
    broken((store) => {
      const addVectors = store.addVectors.bind(store);
      return {
        addVectors: async (vectors, documents, options) =>
          (await addVectors(vectors, documents, options)).toReversed(),
      };
    }),
  ],
  [
    "keeps the old vector of an id",
    ["LVS-14"],
    broken((store) => ({
      keep: (entry) => {
        const vector = store.entries.get(entry.id)?.vector ?? entry.vector;
        store.entries.set(entry.id, { ...entry, vector });
      },
    })),
  ],
  [
    "adds a second document under an id",
    ["LVS-14"],
    broken((store) => ({
      keep: (entry) => {
        const isThere = store.entries.has(entry.id);
        store.entries.set(isThere ? `${entry.id}, again` : entry.id, entry);
      },
    })),
  ],
  [
    "finds in the order of adding",
    ["LVS-14", "LVS-15"],
    finding((hits, _query, store) => {
      const order = [...store.entries.values()].map(({ document }) => document.pageContent);
      return hits.toSorted(
        ([a], [b]) => order.indexOf(a.pageContent) - order.indexOf(b.pageContent),
      );
    }),
  ],
  [
    "finds one more than k",
    ["LVS-5", "LVS-15", "LVS-16", "LVS-29"],
    broken((store) => {
      const nearest = store.nearest.bind(store);
      return { nearest: (query, k, filter) => nearest(query, k + 1, filter) };
    }),
  ],
  [
    "throws when it is empty",
    ["LVS-17"],
    finding((hits, _query, store) => {
      if (store.entries.size === 0) throw new Error("nothing was added yet");
      return hits;
    }),
  ],
  [
    "has no scores",
    ["LVS-18", "LVS-19", "LVS-20"],
    finding((hits) => hits.map(([document]) => [document, Number.NaN])),
  ],
  [
    "gives distances and says similarities",
    ["LVS-19"],
    finding((hits) => hits.map(([document, score]) => [document, 1 - score])),
  ],
  [
    "divides by the length of a vector of zeros",
    ["LVS-20"],
    finding((hits, query) =>
      hits.map(([document, score]) => [
        document,
        query.every((value) => value === 0) ? Number.NaN : score,
      ]),
    ),
  ],
  [
    "asks another way by a text than by a vector",
    ["LVS-21"],
    broken((store) => {
      const search = store.similaritySearchWithScore.bind(store);
      return {
        similaritySearchWithScore: async (query, k, filter) =>
          (await search(query, k, filter)).map(([document, score]) => [document, score / 2]),
      };
    }),
  ],
  [
    "scales the vectors that it is given",
    ["LVS-22"],
    broken((store) => {
      const addVectors = store.addVectors.bind(store);
      return {
        addVectors: (vectors, documents, options) => {
          for (const vector of vectors) {
            for (const [at, value] of vector.entries()) vector[at] = value * 2;
          }
          return addVectors(vectors, documents, options);
        },
      };
    }),
  ],
  [
    "ignores filters",
    ["LVS-23", "LVS-24", "LVS-25"],
    broken((store) => {
      const nearest = store.nearest.bind(store);
      return { nearest: (query, k) => nearest(query, k, {}) };
    }),
  ],
  [
    "takes a filter on unknown metadata for none",
    ["LVS-23"],
    broken((store) => {
      const matches = store.matches.bind(store);
      return {
        matches: (document, filter) =>
          Object.keys(filter).includes("missing") || matches(document, filter),
      };
    }),
  ],
  [
    "filters the k most similar",
    ["LVS-7", "LVS-24", "LVS-25"],
    broken((store) => {
      const nearest = store.nearest.bind(store);
      return {
        nearest: (query, k, filter) =>
          nearest(query, k === 100 ? 10 : k, {}).filter(([{ document }]) =>
            store.matches(document, filter),
          ),
      };
    }),
  ],
  [
    "ignores case in filters",
    ["LVS-25"],
    broken(() => ({
      matches: ({ metadata }, filter) =>
        Object.entries(filter).every(
          ([name, value]) =>
            String(metadata[name]).toLowerCase() === String(value).toLowerCase() &&
            name in metadata,
        ),
    })),
  ],
  [
    "lacks maxMarginalRelevanceSearch",
    ["LVS-26", "LVS-27"],
    broken(() => ({ maxMarginalRelevanceSearch: undefined as never })),
  ],
  [
    "starts anywhere when it seeks variety",
    ["LVS-26"],
    broken((store) => {
      const search = store.maxMarginalRelevanceSearch.bind(store);
      return {
        maxMarginalRelevanceSearch: async (text, options) => {
          const documents = await search(text, options);
          return options.lambda === undefined ? documents.toReversed() : documents;
        },
      };
    }),
  ],
  [
    "takes lambda for variety",
    ["LVS-27"],
    broken((store) => {
      const search = store.maxMarginalRelevanceSearch.bind(store);
      return {
        maxMarginalRelevanceSearch: (text, { lambda = 0.5, ...options }) =>
          search(text, { ...options, lambda: 1 - lambda }),
      };
    }),
  ],
  [
    "makes retrievers of one document",
    ["LVS-28"],
    broken((store) => {
      const asRetriever = store.asRetriever.bind(store);
      return { asRetriever: () => asRetriever(1) };
    }),
  ],
  [
    "deletes the first id only",
    ["LVS-29"],
    deleting(({ ids = [], ...parameters }, remove) =>
      remove({ ...parameters, ids: ids.slice(0, 1) }),
    ),
  ],
  [
    "throws for unknown ids",
    ["LVS-30"],
    deleting(async (parameters, remove, store) => {
      if (parameters.ids?.some((id) => !store.entries.has(id))) throw new Error("no such id");
      await remove(parameters);
    }),
  ],
  [
    "never forgets that an id was deleted",
    ["LVS-31"],
    deleting(async (parameters, remove, store) => {
      await remove(parameters);
      const keep = store.keep.bind(store);
      store.keep = (entry) => {
        if (!parameters.ids?.includes(entry.id)) keep(entry);
      };
    }),
  ],
  [
    "deletes everything when told nothing",
    ["LVS-32"],
    deleting(async (parameters, remove, store) => {
      if (Object.keys(parameters).length === 0) store.entries.clear();
      await remove(parameters);
    }),
  ],
  [
    "deletes everything by any filter",
    ["LVS-33"],
    deleting(async (parameters, remove, store) => {
      if (parameters.filter !== undefined) store.entries.clear();
      await remove(parameters);
    }),
  ],
  [
    "finds what was deleted by its own vector",
    ["LVS-34"],
    deleting(async (parameters, remove, store) => {
      const gone = (parameters.ids ?? []).flatMap((id) => store.entries.get(id) ?? []);
      await remove(parameters);
      if (gone.length === 0) return;
      const search = store.similaritySearchVectorWithScore.bind(store);
      store.similaritySearch = async (text, k = 4, filter = {}) => {
        const hits = await search(await store.embeddings.embedQuery(text), k, filter);
        return hits.map(([document]) => document);
      };
      store.similaritySearchVectorWithScore = async (query, k, filter) => [
        ...gone.map((entry): [typeof entry.document, number] => [store.show(entry), 1]),
        ...(await search(query, k, filter)),
      ];
    }),
  ],
];

describe("a broken vector store of LangChain", () => {
  it.each(subjects)("that %s fails %s", async (_what, ids, create) => {
    expect(await failuresOf({ create })).toEqual(ids);
  });

  it("passes when it can do less and says so", async () => {
    const failed = await failuresOf({
      create: broken((store) => ({
        delete: () => Promise.reject(new Error("Not implemented.")),
        show: ({ document: { pageContent, metadata } }) => store.copy({ pageContent, metadata }),
        maxMarginalRelevanceSearch: undefined as never,
      })),
      capabilities: { showsIds: false, deletesBy: [], searchesByRelevanceAndVariety: false },
    });
    expect(failed).toEqual([]);
  });
});

describe("another vector store", () => {
  it("of LangChain fits by its shape", async () => {
    const failed = await failuresOf({
      create: () => new MemoryVectorStore(new HashedEmbeddings()),
      filterBy: (name, value) => (document: { metadata: Record<string, unknown> }) =>
        document.metadata[name] === value,
      capabilities: {
        takesIdsFrom: ["document"],
        returnsIds: false,
        replacesById: false,
        deletesBy: [],
      },
    });
    expect(failed).toEqual(["LVS-8", "LVS-9", "LVS-12", "LVS-20"]);
  });
});
