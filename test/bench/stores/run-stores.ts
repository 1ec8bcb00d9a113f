import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte } from "astrocyte";
import { createSqliteStore, type SqliteStore } from "astrocyte/adapters/sqlite";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { textTable } from "../../../conformance/text-table.js";
import { createEmbeddings, dimension, sentence, turns, vectorOf } from "../pipeline/corpus.js";
import {
  floor,
  langGraphStore,
  libSqlVectorStore,
  memoryVectorStore,
  type Contestant,
} from "./contestants.js";

const bankId = "bench";
const batch = 500;
const singles = 200;
const warmUps = 6;
/** Its index takes milliseconds a memory to build, more with each. */
const maxLibSql = 10_000;
/** They hold each vector as a list of numbers, several copies of it at times. */
const maxInMemory = 100_000;
const steps = [1_000, 10_000, 100_000, 1_000_000];

const print = (text = ""): void => void process.stdout.write(`${text}\n`);
const figure = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

setFlagsFromString("--expose-gc");
const collectGarbage: unknown = runInNewContext("gc");

/** What this process holds in its heap and in buffers, without what nothing holds any more. */
function heldBytes(): number {
  if (typeof collectGarbage === "function") collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Times of each, in rounds in which all are asked the same, so that a busy machine slows all of them. */
async function race(contestants: readonly Contestant[], rounds: number): Promise<number[][]> {
  const times = contestants.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round += 1) {
    const query = `What did Ana say about ${sentence(1e6 + round, 4)}?`;
    for (const turn of contestants.keys()) {
      const at = (turn + round + warmUps) % contestants.length;
      const spent = await timed(async () => contestants[at]?.search(query));
      if (round >= 0) times[at]?.push(spent);
    }
  }
  return times;
}

function brainOn(store: SqliteStore, embeddings = createEmbeddings()) {
  const brain = new Astrocyte({
    vectorStore: store,
    documentStore: store,
    graphStore: store,
    embeddings,
  });
  return { brain, embeddings };
}

/** Memories a second, without the time of the embeddings. */
async function rateOf(
  count: number,
  embeddings: { readonly spentMs: () => number },
  run: () => Promise<unknown>,
): Promise<number> {
  const before = embeddings.spentMs();
  const spent = await timed(run);
  return (count / (spent - (embeddings.spentMs() - before))) * 1_000;
}

async function measureBank(memories: number, folder: string): Promise<Record<string, number>> {
  const path = join(folder, `bank-${memories}.db`);
  const budget = { path, vector_memory_bytes: 4 * 1024 ** 3 };
  const items = turns(memories);
  const figures: Record<string, number> = {};
  {
    const store = await createSqliteStore(budget);
    const { brain, embeddings } = brainOn(store);
    figures["retain batched (/s)"] = await rateOf(memories, embeddings, () =>
      brain.retainMany(items, { bankId, batchSize: batch }),
    );
    const alone = turns(singles).map((item, at) => ({ ...item, content: sentence(2e6 + at) }));
    figures["retain single (/s)"] = await rateOf(singles, embeddings, async () => {
      for (const item of alone) await brain.retain(item.content, { bankId: "singles" });
    });
    await store.close();
  }
  figures["file (bytes a memory)"] = statSync(path).size / (memories + singles);

  const before = heldBytes();
  let store: SqliteStore | undefined;
  figures["cold open (ms)"] = await timed(async () => {
    store = await createSqliteStore(budget);
  });
  if (store === undefined) return figures;
  const opened = store;
  const search = (query: string) => opened.searchSimilar(vectorOf(query), { bankId, limit: 10 });
  figures["first search (ms)"] = await timed(() => search("What did Ana say?"));
  for (let at = 0; at < 5; at += 1) await search(`What did Ben say ${at}?`);
  figures["memory held (bytes a memory)"] = (heldBytes() - before) / memories;

  const { brain } = brainOn(opened);
  const contestants: Contestant[] = [
    { name: "astrocyte sqlite, its search", search },
    floor(memories),
    { name: "astrocyte recall", search: (query) => brain.recall(query, { bankId }) },
  ];
  if (memories <= maxInMemory) {
    contestants.push(await memoryVectorStore(items), await langGraphStore(items));
  }
  if (memories <= maxLibSql) {
    contestants.push(await libSqlVectorStore(join(folder, `libsql-${memories}.db`), items));
  }
  const rounds = Math.max(9, Math.min(100, Math.ceil(200_000 / memories)));
  const times = await race(contestants, rounds);
  const base = percentile(times[0] ?? [], 0.5);
  print(
    textTable([
      ["", "p50 ms", "p95 ms", "p99 ms", "of ours"],
      ...contestants.map(({ name }, at) => [
        name,
        ...[0.5, 0.95, 0.99].map((share) => figure(percentile(times[at] ?? [], share))),
        `x${figure(percentile(times[at] ?? [], 0.5) / base)}`,
      ]),
    ]),
  );
  for (const [at, { name }] of contestants.entries()) {
    for (const share of [50, 95, 99]) {
      figures[`${name} p${share} (ms)`] = percentile(times[at] ?? [], share / 100);
    }
  }
  for (const contestant of contestants) contestant.close?.();
  await opened.close();
  return figures;
}

/** Many small banks: each is asked once, so that nothing of it is in memory, and then some again and again. */
async function measureBanks(banks: number, folder: string): Promise<Record<string, number>> {
  const store = await createSqliteStore({ path: join(folder, "banks.db") });
  const { brain, embeddings } = brainOn(store);
  const items = turns(20);
  const figures: Record<string, number> = {};
  figures["retain batched (/s)"] = await rateOf(banks * items.length, embeddings, async () => {
    for (let at = 0; at < banks; at += 1) {
      await brain.retainMany(items, { bankId: `bank-${at}` });
    }
  });
  const times: number[] = [];
  for (let at = 0; at < banks; at += 1) {
    const bank = { bankId: `bank-${(at * 7) % banks}` };
    times.push(await timed(() => brain.recall(`What did Ana say about ${sentence(at, 4)}?`, bank)));
  }
  for (const share of [50, 95, 99])
    figures[`recall p${share} (ms)`] = percentile(times, share / 100);
  await store.close();
  return figures;
}

/** Cost of the stores, beside others in the same run; figures by name. */
export async function runStores({
  maxMemories,
}: {
  readonly maxMemories: number;
}): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "astrocyte-bench-"));
  const all: Record<string, number> = {};
  const report = (title: string, figures: Readonly<Record<string, number>>): void => {
    print();
    for (const [name, value] of Object.entries(figures)) {
      all[`stores, ${title}: ${name}`] = value;
      if (!/ p\d\d \(ms\)$/.test(name) || name.startsWith("recall")) {
        print(`  ${name.padEnd(32)} ${figure(value).padStart(10)}`);
      }
    }
  };
  try {
    for (const memories of steps.filter((step) => step <= maxMemories)) {
      const title = `${memories.toLocaleString("en")} memories of ${dimension} dimensions`;
      print(`\n${title} in one bank\n`);
      report(title, await measureBank(memories, folder));
    }
    print("\n1,000 banks of 20 memories");
    report("1,000 banks", await measureBanks(1_000, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return all;
}
