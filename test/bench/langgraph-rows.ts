import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { InMemoryStore, type BaseStore } from "@langchain/langgraph";
import { Astrocyte } from "astrocyte";
import { fromLangChainEmbeddings } from "astrocyte/adapters/langchain";
import { AstrocyteStore } from "astrocyte/graphs";
import { memoryMiddleware } from "astrocyte/graphs/middleware";
import { createInMemoryVectorStore, HashedEmbeddings } from "astrocyte/testing";
import { createAgent } from "langchain";
import type { PolicyRow } from "./policy-rows.js";

const sizes = [1_000, 10_000];
const batchSize = 100;
const dimension = 128;
const namespace = ["users", "ana"];

/** Milliseconds of one run: the median of several, after one that does not count. */
async function medianMs(run: (at: number) => Promise<unknown>, runs = 15): Promise<number> {
  await run(0);
  const times: number[] = [];
  for (let at = 1; at <= runs; at += 1) {
    const start = performance.now();
    await run(at);
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

function valueOf(at: number): Record<string, unknown> {
  const words = ["sailing", "bread", "skiing", "novels", "violin", "gardens", "trains"];
  return {
    text: `note ${at} on ${words[at % words.length]} and ${words[(at * 3) % words.length]}`,
    at,
  };
}

interface StoreTimes {
  readonly fillPerItem: number;
  readonly put: number;
  readonly get: number;
  readonly search: number;
  readonly query: number;
}

async function timesOf(store: BaseStore, size: number): Promise<StoreTimes> {
  const start = performance.now();
  for (let from = 0; from < size; from += batchSize) {
    await store.batch(
      Array.from({ length: batchSize }, (_, at) => ({
        namespace,
        key: `k${from + at}`,
        value: valueOf(from + at),
      })),
    );
  }
  const fillPerItem = (performance.now() - start) / size;
  const search = async (at: number) =>
    store.search(namespace, { filter: { at: { $gte: at * 10 } }, limit: 10 });
  const query = async (at: number) =>
    store.search(namespace, { query: `who likes skiing ${at}`, limit: 10 });
  await query(0);
  return {
    fillPerItem,
    put: await medianMs((at) => store.put(namespace, `new${at}`, valueOf(at))),
    get: await medianMs((at) => store.get(namespace, `k${at * 7}`)),
    search: await medianMs(search),
    query: await medianMs(query),
  };
}

async function storeRows(): Promise<PolicyRow[]> {
  const rows: PolicyRow[] = [];
  const folder = mkdtempSync(join(tmpdir(), "astrocyte-bench-"));
  try {
    for (const size of sizes) {
      const embeddings = new HashedEmbeddings({ dimension });
      const asProvider = fromLangChainEmbeddings(embeddings);
      const reference = await timesOf(
        new InMemoryStore({
          index: { dims: dimension, embeddings: embeddings as never, fields: ["$"] },
        }),
        size,
      );
      const memory = new Astrocyte({
        vectorStore: createInMemoryVectorStore(),
        embeddings: asProvider,
      });
      const file = await Astrocyte.fromConfig(
        {
          vector_store: "sqlite",
          vector_store_config: { path: join(folder, `${size}.db`) },
        },
        { providers: { embeddings: asProvider } },
      );
      const subjects = { memory, sqlite: file };
      for (const [name, times] of Object.entries(reference) as [keyof StoreTimes, number][]) {
        rows.push({ name: `${size} items, InMemoryStore ${name}`, value: times, unit: "ms" });
      }
      for (const [subject, brain] of Object.entries(subjects)) {
        const own = await timesOf(new AstrocyteStore({ brain }), size);
        for (const [name, value] of Object.entries(own) as [keyof StoreTimes, number][]) {
          const title = `${size} items, AstrocyteStore ${subject} ${name}`;
          rows.push({ name: title, value, unit: "ms" });
          rows.push({ name: title, value: value / reference[name], unit: "x InMemoryStore" });
        }
        await brain.close();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

const messages = (at: number) => ({ messages: [new HumanMessage(`who likes skiing ${at}?`)] });

/** What the middleware adds to one call of an agent whose model answers at once. */
async function middlewareRows(): Promise<PolicyRow[]> {
  const brain = new Astrocyte({
    vectorStore: createInMemoryVectorStore(),
    embeddings: fromLangChainEmbeddings(new HashedEmbeddings({ dimension })),
  });
  const bankId = "user-1";
  const memories = Array.from({ length: 1_000 }, (_, at) => ({
    content: String(valueOf(at)["text"]),
  }));
  await brain.retainMany(memories, { bankId });
  const model = new FakeListChatModel({ responses: [new AIMessage("Noted.").text] });
  const bare = createAgent({ model });
  const remembering = createAgent({
    model,
    middleware: [memoryMiddleware({ brain, bankId, retain: "none" })],
  });
  const retaining = createAgent({ model, middleware: [memoryMiddleware({ brain, bankId })] });
  const without = await medianMs((at) => bare.invoke(messages(at)), 31);
  const recalled = await medianMs((at) => remembering.invoke(messages(at)), 31);
  const retained = await medianMs((at) => retaining.invoke(messages(at)), 31);
  return [
    { name: "agent without memory, one model call", value: without, unit: "ms" },
    { name: "middleware that recalls adds", value: recalled - without, unit: "ms" },
    { name: "middleware that recalls and retains adds", value: retained - without, unit: "ms" },
    { name: "agent with the middleware", value: retained / without, unit: "x without" },
  ];
}

export async function langGraphRows(): Promise<PolicyRow[]> {
  return [...(await storeRows()), ...(await middlewareRows())];
}
