import { LibSQLVectorStore } from "@langchain/community/vectorstores/libsql";
import { PGVectorStore } from "@langchain/community/vectorstores/pgvector";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Embeddings, type EmbeddingsInterface } from "@langchain/core/embeddings";
import { createClient } from "@libsql/client";
import { Pool } from "pg";

/** For stores that want one: they get vectors, and never texts. */
export class NoEmbeddings extends Embeddings {
  constructor() {
    super({});
  }
  embedDocuments(): Promise<number[][]> {
    return Promise.reject(new Error("asked to embed"));
  }
  embedQuery(): Promise<number[]> {
    return Promise.reject(new Error("asked to embed"));
  }
}

export function createMemoryStore(
  embeddings: EmbeddingsInterface = new NoEmbeddings(),
): MemoryVectorStore {
  return new MemoryVectorStore(embeddings);
}

export async function createLibsqlStore(
  dimension: number,
  embeddings: EmbeddingsInterface = new NoEmbeddings(),
): Promise<LibSQLVectorStore> {
  const db = createClient({ url: ":memory:" });
  await db.batch([
    `CREATE TABLE vectors (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT, metadata TEXT, embedding F32_BLOB(${dimension}))`,
    "CREATE INDEX idx_vectors_embedding ON vectors (libsql_vector_idx(embedding))",
  ]);
  return new LibSQLVectorStore(embeddings, { db, table: "vectors", column: "embedding" });
}

let tables = 0;

/** In a table of its own; end it. */
export function createPgvectorStore(
  url: string,
  dimension: number,
  embeddings: EmbeddingsInterface = new NoEmbeddings(),
): Promise<PGVectorStore> {
  tables += 1;
  return PGVectorStore.initialize(embeddings, {
    // It keeps one connection, and asks through another.
    pool: new Pool({ connectionString: url, max: 2 }),
    tableName: `documents_${tables}`,
    dimensions: dimension,
  });
}
