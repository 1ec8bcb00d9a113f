import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Embeddings } from "@langchain/core/embeddings";
import { InMemoryStore } from "@langchain/langgraph";
import { dimension, vectorOf, type Turn } from "./corpus.js";

/** Something that finds ten memories for a question. */
export interface Contestant {
  readonly name: string;
  readonly search: (query: string) => Promise<unknown>;
}

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

const limit = 10;

export async function memoryVectorStore(items: readonly Turn[]): Promise<Contestant> {
  const store = new MemoryVectorStore(new RepeatableEmbeddings());
  await store.addDocuments(items.map(({ content }) => ({ pageContent: content, metadata: {} })));
  return { name: "MemoryVectorStore", search: (query) => store.similaritySearch(query, limit) };
}

export async function langGraphStore(items: readonly Turn[]): Promise<Contestant> {
  const store = new InMemoryStore({
    index: { dims: dimension, embeddings: new RepeatableEmbeddings(), fields: ["text"] },
  });
  const namespace = ["bench"];
  for (const [at, { content }] of items.entries()) {
    await store.put(namespace, String(at), { text: content });
  }
  return {
    name: "LangGraph InMemoryStore",
    search: (query) => store.search(namespace, { query, limit }),
  };
}

const mem0Entry = "mem0ai/oss";

interface Mem0Memory {
  add(text: string, options: { userId: string; infer: boolean }): Promise<unknown>;
  search(
    query: string,
    options: { filters: Readonly<Record<string, string>>; topK: number },
  ): Promise<unknown>;
}

/**
 * mem0's open-source memory from a folder where `mem0ai` is installed: it needs better-sqlite3, whose binary an install script
 * downloads or compiles, so that it is no dependency of this package.
 */
export async function mem0(folder: string, items: readonly Turn[]): Promise<Contestant> {
  process.env["MEM0_TELEMETRY"] = "false";
  const require = createRequire(join(resolve(folder), "package.json"));
  const file = require.resolve(mem0Entry).replace(/\.js$/, ".mjs");
  const { Memory } = (await import(pathToFileURL(file).href)) as {
    Memory: new (config: object) => Mem0Memory;
  };
  const memory = new Memory({
    embedder: {
      provider: "langchain",
      config: { model: new RepeatableEmbeddings(), embeddingDims: dimension },
    },
    vectorStore: { provider: "memory", config: { dimension, dbPath: ":memory:" } },
    llm: { provider: "langchain", config: { model: { invoke: () => ({ content: "{}" }) } } },
    disableHistory: true,
  });
  for (const { content } of items) await memory.add(content, { userId: "bench", infer: false });
  return {
    name: "mem0ai/oss",
    search: (query) => memory.search(query, { filters: { user_id: "bench" }, topK: limit }),
  };
}
