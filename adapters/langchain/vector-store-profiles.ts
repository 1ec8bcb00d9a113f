import type { VectorStoreProfile } from "./vector-store-profile.js";

const server = {
  score: "similarity",
  ids: "options.ids",
  idsAreUuids: false,
  upserts: true,
  deletes: true,
  filter: "object",
  isDurable: true,
} as const satisfies VectorStoreProfile;

const inProcess = {
  score: "rank",
  ids: "none",
  idsAreUuids: false,
  upserts: false,
  deletes: false,
  filter: "none",
  isDurable: false,
} as const satisfies VectorStoreProfile;

/**
 * Profiles by the name of the class. Those of stores without a server were measured with the versions of 2025; the others are
 * what their sources say. An instance with other settings (a metric, a schema) wants its own: spread one and change it.
 */
export const vectorStoreProfiles = {
  MemoryVectorStore: {
    ...inProcess,
    score: "cosine similarity",
    ids: "document.id",
    filter: "function",
  },
  HNSWLib: { ...inProcess, score: "cosine distance", filter: "function" },
  FaissStore: {
    ...inProcess,
    score: "squared euclidean distance",
    ids: "options.ids",
    deletes: true,
  },
  CloseVectorNode: { ...inProcess, score: "cosine similarity", filter: "function" },
  USearch: { ...inProcess, score: "squared euclidean distance" },
  VoyVectorStore: inProcess,
  LanceDB: { ...inProcess, isDurable: true },
  // Its filter is applied after the best are taken.
  LibSQLVectorStore: {
    ...server,
    score: "cosine distance",
    ids: "returned",
    upserts: false,
    filter: "none",
  },
  PGVectorStore: { ...server, score: "cosine distance", idsAreUuids: true, upserts: false },
  Chroma: { ...server, score: "distance" },
  PineconeStore: server,
  QdrantVectorStore: { ...server, ids: "document.id", idsAreUuids: true, filter: "other" },
  WeaviateStore: { ...server, score: "distance", idsAreUuids: true, filter: "other" },
  RedisVectorStore: { ...server, score: "distance", ids: "options.keys", filter: "string" },
  MongoDBAtlasVectorSearch: { ...server, filter: "other" },
  ElasticVectorSearch: server,
  OpenSearchVectorStore: { ...server, deletes: false },
  // Needs a schema whose primary key is not generated, and a field for every key of the metadata.
  Milvus: { ...server, score: "distance", filter: "string" },
  SupabaseVectorStore: server,
  UpstashVectorStore: { ...server, filter: "string" },
  AstraDBVectorStore: { ...server, ids: "options" },
  AzureAISearchVectorStore: { ...server, filter: "other" },
  MariaDBStore: { ...server, score: "distance", upserts: false },
} as const satisfies Readonly<Record<string, VectorStoreProfile>>;
export type KnownVectorStore = keyof typeof vectorStoreProfiles;
