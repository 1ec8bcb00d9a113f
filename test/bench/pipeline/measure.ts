import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte, type VectorStore } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { createInMemoryDocumentStore, createInMemoryVectorStore } from "astrocyte/testing";
import { langGraphStore, mem0, memoryVectorStore, type Contestant } from "./contestants.js";
import { createEmbeddings, sentence, turns, vectorOf, type Turn } from "./corpus.js";

/** Milliseconds of one search by each contestant, and of what happens once. */
export interface Measured {
  readonly store: string;
  readonly memories: number;
  /** Memories a second, without the time of the embeddings. */
  readonly retainsPerSecond: number;
  /** The first recall of a new process, which builds the index. */
  readonly firstRecallMs: number;
  readonly medians: Readonly<Record<string, number>>;
}

export const ours = "astrocyte recall";
export const ownSearch = "its store's own search";
const bankId = "bench";
const batch = 500;
const warmUps = 8;
/** It reads and parses its whole table twice for every search: seconds, beyond. */
const maxMem0Memories = 10_000;

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/**
 * Rounds in which each asks the same question, so that a busy machine slows all of them, and each goes first in turn, so that none
 * always cleans up after the same one.
 */
async function race(contestants: readonly Contestant[], rounds: number) {
  const times = contestants.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round += 1) {
    const query = `What did Ana say about ${sentence(1e6 + round, 4)}?`;
    for (const turn of contestants.keys()) {
      const at = (turn + round + warmUps) % contestants.length;
      const spent = await timed(async () => contestants[at]?.search(query));
      if (round >= 0) times[at]?.push(spent);
    }
  }
  return Object.fromEntries(contestants.map(({ name }, at) => [name, median(times[at] ?? [])]));
}

async function measureBrain(
  store: VectorStore,
  options: Pick<ConstructorParameters<typeof Astrocyte>[0], "documentStore">,
  items: readonly Turn[],
) {
  const embeddings = createEmbeddings();
  const open = () => new Astrocyte({ vectorStore: store, ...options, embeddings });
  const writer = open();
  const spent = await timed(async () => {
    for (let at = 0; at < items.length; at += batch) {
      await writer.retainMany(items.slice(at, at + batch), { bankId });
    }
  });
  const reader = open();
  const recall = (query: string) => reader.recall(query, { bankId });
  const firstRecallMs = await timed(() => recall("What did Ana say?"));
  const contestants: Contestant[] = [
    { name: ours, search: recall },
    {
      name: ownSearch,
      search: (query) => store.searchSimilar(vectorOf(query), { bankId, limit: 50 }),
    },
  ];
  const retainsPerSecond = (items.length / (spent - embeddings.spentMs())) * 1_000;
  return { firstRecallMs, retainsPerSecond, contestants };
}

function roundsFor(memories: number): number {
  return Math.max(7, Math.min(200, Math.ceil(300_000 / memories)));
}

/** Recall in memory, beside the others with the same vectors. */
export async function measureInMemory(
  memories: number,
  mem0Folder: string | undefined,
): Promise<Measured> {
  const items = turns(memories);
  const { contestants, ...once } = await measureBrain(
    createInMemoryVectorStore(),
    { documentStore: createInMemoryDocumentStore() },
    items,
  );
  contestants.push(await memoryVectorStore(items), await langGraphStore(items));
  const medians = await race(contestants, roundsFor(memories));
  // On its own, since the garbage that it leaves would be collected in the others' time.
  const last =
    mem0Folder === undefined || memories > maxMem0Memories
      ? {}
      : await race([await mem0(mem0Folder, items)], 7);
  return { store: "in memory", memories, ...once, medians: { ...medians, ...last } };
}

/** Recall over a database file. */
export async function measureSqlite(memories: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "astrocyte-bench-"));
  const store = await createSqliteStore({ path: join(folder, "bench.db") });
  try {
    const { contestants, ...once } = await measureBrain(
      store,
      { documentStore: store },
      turns(memories),
    );
    const medians = await race(contestants, roundsFor(memories * 4));
    return { store: "sqlite", memories, ...once, medians };
  } finally {
    await store.close?.();
    rmSync(folder, { recursive: true });
  }
}
