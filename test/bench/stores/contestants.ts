import { LibSQLVectorStore } from "@langchain/community/vectorstores/libsql";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Embeddings } from "@langchain/core/embeddings";
import { InMemoryStore } from "@langchain/langgraph";
import { createClient } from "@libsql/client";
import { dimension, vectorOf, type Turn } from "../pipeline/corpus.js";

/** A store that finds ten memories for a question. */
export interface Contestant {
  readonly name: string;
  readonly search: (query: string) => Promise<unknown>;
  readonly close?: () => void;
}

const limit = 10;

class RepeatableEmbeddings extends Embeddings {
  constructor() {
    super({});
  }

  embedQuery(text: string): Promise<number[]> {
    return Promise.resolve(vectorOf(text));
  }

  embedDocuments(texts: string[]): Promise<number[][]> {
    return Promise.resolve(texts.map(vectorOf));
  }
}

const documentsOf = (items: readonly Turn[]) =>
  items.map(({ content }) => ({ pageContent: content, metadata: {} }));

export async function memoryVectorStore(items: readonly Turn[]): Promise<Contestant> {
  const store = new MemoryVectorStore(new RepeatableEmbeddings());
  await store.addDocuments(documentsOf(items));
  return { name: "MemoryVectorStore", search: (query) => store.similaritySearch(query, limit) };
}

export async function langGraphStore(items: readonly Turn[]): Promise<Contestant> {
  const store = new InMemoryStore({
    index: { dims: dimension, embeddings: new RepeatableEmbeddings(), fields: ["text"] },
  });
  for (const [at, { content }] of items.entries()) {
    await store.put(["bench"], String(at), { text: content });
  }
  return {
    name: "LangGraph InMemoryStore",
    search: (query) => store.search(["bench"], { query, limit }),
  };
}

/** With the index that the store searches by, which is approximate. */
export async function libSqlVectorStore(path: string, items: readonly Turn[]): Promise<Contestant> {
  const db = createClient({ url: `file:${path}` });
  await db.batch([
    `CREATE TABLE vectors (content TEXT, metadata TEXT, embedding F32_BLOB(${dimension}))`,
    "CREATE INDEX idx_vectors_embedding ON vectors (libsql_vector_idx(embedding))",
  ]);
  const store = new LibSQLVectorStore(new RepeatableEmbeddings(), { db });
  await store.addDocuments(documentsOf(items));
  return {
    name: "LibSQLVectorStore (approximate)",
    search: (query) => store.similaritySearch(query, limit),
    close: () => db.close(),
  };
}

/** Reading as many bytes as the vectors have, once, by the C library's search for a byte that is not there. */
export function floor(memories: number): Contestant {
  const bytes = Buffer.alloc(memories * dimension * 4, 1);
  return {
    name: "reading the bytes once",
    search: (query) => Promise.resolve(bytes.includes(0) ? query : undefined),
  };
}
