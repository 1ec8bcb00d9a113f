import { Astrocyte, type VectorStore } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import {
  AstrocyteEmbeddings,
  AstrocyteRetriever,
  AstrocyteVectorStore,
} from "astrocyte/adapters/langchain";
import { createInMemoryVectorStore } from "astrocyte/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddings, sentence, turns } from "./pipeline/corpus.js";
import type { PolicyRow } from "./policy-rows.js";

const memoryCount = 1000;
const rounds = 400;
const warmUps = 100;
const k = 10;
const bankId = "bench";

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** Median milliseconds of each call; they take turns, so that what else the machine does falls on all alike. */
async function medians(calls: readonly ((query: string) => Promise<unknown>)[]): Promise<number[]> {
  const times = calls.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round += 1) {
    const query = `What did Ana say about ${sentence(1e6 + round, 4)}?`;
    for (const turn of calls.keys()) {
      const at = (turn + round + warmUps) % calls.length;
      const start = performance.now();
      await calls[at]?.(query);
      if (round >= 0) times[at]?.push(performance.now() - start);
    }
  }
  return times.map(median);
}

async function rowsOver(name: string, vectorStore: VectorStore): Promise<PolicyRow[]> {
  const provider = createEmbeddings();
  const brain = new Astrocyte({ vectorStore, embeddings: provider });
  const results = await brain.retainMany(turns(memoryCount), { bankId });
  const stored = results.filter((result) => result.stored).length;
  if (stored !== memoryCount) throw new Error(`only ${stored} of ${memoryCount} were stored`);
  const embeddings = new AstrocyteEmbeddings({ provider });
  const store = new AstrocyteVectorStore(embeddings, { store: vectorStore, bankId });
  const plain = store.asRetriever({ k });
  const ours = new AstrocyteRetriever({ brain, bankId, maxResults: k });
  const [plainMs = 0, oursMs = 0, recallMs = 0] = await medians([
    (query) => plain.invoke(query),
    (query) => ours.invoke(query),
    (query) => brain.recall(query, { bankId, maxResults: k }),
  ]);
  await brain.close();
  return [
    { name: `${name}: vectorStore.asRetriever()`, value: plainMs, unit: "ms" },
    { name: `${name}: AstrocyteRetriever`, value: oursMs, unit: "ms" },
    { name: `${name}: difference`, value: oursMs - plainMs, unit: "ms" },
    { name: `${name}: ratio`, value: oursMs / plainMs, unit: "x" },
    { name: `${name}: of it beyond brain.recall()`, value: oursMs - recallMs, unit: "ms" },
  ];
}

/** What the retriever costs over the plain retriever of a vector store, on the same store with the same thousand texts. */
export async function langChainRows(): Promise<PolicyRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "astrocyte-bench-"));
  try {
    return [
      ...(await rowsOver("in_memory", createInMemoryVectorStore())),
      ...(await rowsOver("sqlite", await createSqliteStore({ path: join(folder, "bench.db") }))),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
