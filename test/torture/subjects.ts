import { Astrocyte, type DocumentStore, type GraphStore, type VectorStore } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { hashedEmbedding } from "astrocyte/testing";

/** A store that keeps everything of a memory and outlives its process. */
export type TorturedStore = Required<
  Pick<VectorStore, "storeVectors" | "searchSimilar" | "listVectors" | "close">
> &
  VectorStore &
  DocumentStore &
  GraphStore & {
    readonly checkIntegrity?: () => Promise<readonly string[]>;
  };

/** The stores by name, each opened at a place that is one to it: a file, or an address. */
export const subjects: Readonly<Record<string, (place: string) => Promise<TorturedStore>>> = {
  sqlite: (path) => createSqliteStore({ path, busy_timeout_ms: 60_000 }),
};

/** Stores with one fault each, which must be found out. */
const brokenSubjects: typeof subjects = {
  "sqlite that deletes nothing": async (path) => ({
    ...(await createSqliteStore({ path })),
    delete: () => Promise.resolve(0),
  }),
  "sqlite that loses a chunk": async (path) => {
    const store = await createSqliteStore({ path });
    const lossy: TorturedStore = {
      ...store,
      storeVectors: (items, options) => store.storeVectors(items.slice(0, 1), options),
    };
    return lossy;
  },
  "sqlite that answers for another bank": async (path) => {
    const store = await createSqliteStore({ path });
    const mixing: TorturedStore = {
      ...store,
      storeVectors: (items, options) =>
        store.storeVectors(
          items.flatMap((item) => [item, { ...item, bankId: "bank-0-end" }]),
          options,
        ),
    };
    return mixing;
  },
};

export async function openSubject(name: string, place: string): Promise<TorturedStore> {
  const open = subjects[name] ?? brokenSubjects[name];
  if (open === undefined) {
    throw new Error(`no store ${name}; there are ${Object.keys(subjects).join(", ")}`);
  }
  return open(place);
}

/** A brain that uses all of a store: vectors, text, entities from metadata, links, several chunks a content. */
export function brainOn(store: TorturedStore): Astrocyte {
  return new Astrocyte({
    vectorStore: store,
    documentStore: store,
    graphStore: store,
    embeddings: {
      spiVersion: 1,
      name: "hashed",
      embed: async (texts) => texts.map((text) => hashedEmbedding(text, 32)),
    },
    config: {
      signal_quality: { dedup: { enabled: false } },
      barriers: { pii: { mode: "disabled" } },
      escalation: { degraded_mode: "error" },
      semantic_link_graph: { enabled: true, similarity_threshold: 0.5 },
    },
    pipeline: { maxChunkSize: 120 },
  });
}
