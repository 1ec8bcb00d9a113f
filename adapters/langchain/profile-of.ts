import { ConfigError } from "astrocyte";
import { isRecord } from "./is-record.js";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";
import type { ScoreMeaning, VectorStoreProfile } from "./vector-store-profile.js";
import { vectorStoreProfiles, type KnownVectorStore } from "./vector-store-profiles.js";

/** By `_vectorstoreType()`, which is the same for different classes where a list is longer than one. */
const byType: Readonly<Record<string, readonly KnownVectorStore[]>> = {
  memory: ["MemoryVectorStore"],
  hnswlib: ["HNSWLib"],
  faiss: ["FaissStore"],
  closevector: ["CloseVectorNode"],
  usearch: ["USearch"],
  voi: ["VoyVectorStore"],
  lancedb: ["LanceDB"],
  libsql: ["LibSQLVectorStore"],
  pgvector: ["PGVectorStore"],
  chroma: ["Chroma"],
  pinecone: ["PineconeStore"],
  qdrant: ["QdrantVectorStore"],
  weaviate: ["WeaviateStore"],
  redis: ["RedisVectorStore"],
  mongodb_atlas: ["MongoDBAtlasVectorSearch"],
  elasticsearch: ["ElasticVectorSearch"],
  opensearch: ["OpenSearchVectorStore"],
  milvus: ["Milvus"],
  supabase: ["SupabaseVectorStore"],
  upstash: ["UpstashVectorStore"],
};

const typeMethod = "_vectorstoreType";

function typeOf(store: LangChainVectorStoreLike): string | undefined {
  const type: unknown = store[typeMethod]?.();
  return typeof type === "string" ? type : undefined;
}

function classOf(store: LangChainVectorStoreLike): string {
  const { constructor }: { constructor: unknown } = store;
  return typeof constructor === "function" ? constructor.name : "";
}

/** The meaning of a score where an instance says how it measures. */
function instanceScore(store: LangChainVectorStoreLike): ScoreMeaning | undefined {
  if (!isRecord(store)) return undefined;
  const { args, distanceStrategy, scoreNormalization } = store;
  if (scoreNormalization === "similarity") return "similarity";
  const space = isRecord(args) ? args["space"] : undefined;
  const metric = typeof space === "string" ? space : distanceStrategy;
  if (metric === "cosine") return "cosine distance";
  if (metric === "l2") return "squared euclidean distance";
  if (metric === "euclidean") return "euclidean distance";
  return metric === "ip" || metric === "innerProduct" ? "distance" : undefined;
}

/**
 * The profile of a store that is known by its class; undefined for an unknown one, and for one that another class pretends to
 * be by its type.
 */
function knownProfile(store: LangChainVectorStoreLike): VectorStoreProfile | undefined {
  const names = byType[typeOf(store) ?? ""] ?? [];
  // A subclass with a name of its own may do anything; a mangled name of one letter tells nothing.
  const className = classOf(store);
  const name = names.find((one) => one === className);
  if (name === undefined) return undefined;
  const profile: VectorStoreProfile = vectorStoreProfiles[name];
  const score = instanceScore(store);
  return score === undefined ? profile : { ...profile, score };
}

/** @throws ConfigError that says how to describe a store that is not known. */
export function profileOf(store: LangChainVectorStoreLike): VectorStoreProfile {
  const profile = knownProfile(store);
  if (profile !== undefined) return profile;
  const name = classOf(store) || "This LangChain vector store";
  throw new ConfigError(
    `${name} is not among the known vector stores: pass fromLangChainVectorStore(store, { profile }) with one of ` +
      "vectorStoreProfiles, or with what probeVectorStore(store) finds",
  );
}
