import { setTimeout as sleep } from "node:timers/promises";
import type { VectorItem } from "astrocyte";
import { startWorker } from "./start-worker.js";
import { bankId, contentOf, wordOf } from "./story.js";
import { openSubject, type TorturedStore } from "./subjects.js";

export interface CrashOptions {
  readonly subject: string;
  readonly place: string;
  readonly kills: number;
  /** Told after each kill. */
  readonly onKill?: (figures: CrashFigures) => void;
}

export interface CrashFigures {
  kills: number;
  /** Retains and forgets that were acknowledged before a kill. */
  retained: number;
  forgotten: number;
  /** Kills that hit an operation under way, and how many of these were found done and not done. */
  interrupted: number;
  interruptedDone: number;
  /** What was wrong. Must stay empty. */
  readonly problems: string[];
}

/** What one run of the worker said. */
interface Story {
  readonly retained: ReadonlySet<number>;
  readonly forgotten: ReadonlySet<number>;
  readonly underWay: { readonly action: string; readonly number: number } | undefined;
}

function storyOf(lines: readonly string[]): Story {
  const retained = new Set<number>();
  const forgotten = new Set<number>();
  let underWay: Story["underWay"];
  for (const line of lines) {
    const [phase, action = "", value] = line.split(" ");
    const number = Number(value);
    underWay = phase === "begin" ? { action, number } : undefined;
    if (phase === "done") (action === "retain" ? retained : forgotten).add(number);
  }
  return { retained, forgotten, underWay };
}

async function listAll(store: TorturedStore): Promise<VectorItem[]> {
  const items: VectorItem[] = [];
  for (let offset = 0; ; offset += 1000) {
    const page = await store.listVectors({ bankId, offset, limit: 1000 });
    items.push(...page);
    if (page.length < 1000) return items;
  }
}

/** What is missing of one content whose memories are there. */
async function halvesOf(
  store: TorturedStore,
  number: number,
  items: readonly VectorItem[],
): Promise<string[]> {
  const problems: string[] = [];
  const expected = items[0]?.metadata?.["_chunk_count"] ?? 1;
  if (items.length !== expected) {
    problems.push(`content ${number} has ${items.length} of ${String(expected)} chunks`);
  }
  const text = items.map((item) => item.text).join(" ");
  for (const part of contentOf(number).trim().split(". ")) {
    if (!text.includes(part.slice(0, 40))) problems.push(`content ${number} lost "${part}"`);
  }
  const ids = items.map(({ id }) => id);
  const entities = (await store.getEntityIdsForMemories?.(ids, { bankId })) ?? {};
  const found = await store.searchFulltext(wordOf(number), { bankId, limit: 50 });
  const named = new Set(found.map(({ documentId }) => documentId));
  for (const id of ids) {
    if (!named.has(id)) problems.push(`content ${number} is not in the full text (${id})`);
    if ((entities[id] ?? []).length === 0) problems.push(`content ${number} has no entity (${id})`);
  }
  return problems;
}

/** Checks a store after a kill against what was acknowledged in this and all earlier runs. */
async function verify(
  { subject, place }: CrashOptions,
  alive: Set<number>,
  { retained, forgotten, underWay }: Story,
): Promise<{ readonly problems: string[]; readonly isDone: boolean | undefined }> {
  const store = await openSubject(subject, place);
  try {
    const problems = [...((await store.checkIntegrity?.()) ?? [])];
    const contents = new Map<number, VectorItem[]>();
    for (const item of await listAll(store)) {
      const number = Number(item.metadata?.["number"]);
      contents.set(number, [...(contents.get(number) ?? []), item]);
    }
    for (const number of retained) alive.add(number);
    for (const number of forgotten) alive.delete(number);
    const doubt = underWay?.number;
    let isDone: boolean | undefined;
    if (underWay !== undefined && doubt !== undefined) {
      isDone = contents.has(doubt) === (underWay.action === "retain");
      // From here on it is as it was found.
      if (contents.has(doubt)) alive.add(doubt);
      else alive.delete(doubt);
    }
    for (const number of alive) {
      if (!contents.has(number)) problems.push(`content ${number} was acknowledged and is lost`);
    }
    for (const number of contents.keys()) {
      if (!alive.has(number)) problems.push(`content ${number} was forgotten and is there`);
    }
    for (const number of forgotten) {
      const found = await store.searchFulltext(wordOf(number), { bankId, limit: 5 });
      if (found.length > 0) problems.push(`the words of content ${number} are still found`);
    }
    const recent = new Set([...retained, ...(doubt === undefined ? [] : [doubt])]);
    for (const [number, items] of contents) {
      if (recent.has(number)) problems.push(...(await halvesOf(store, number, items)));
    }
    return { problems, isDone };
  } finally {
    await store.close();
  }
}

/** Kills a process that retains and forgets again and again at random moments, and looks each time what is left. */
export async function runCrashes(options: CrashOptions): Promise<CrashFigures> {
  const figures: CrashFigures = {
    kills: 0,
    retained: 0,
    forgotten: 0,
    interrupted: 0,
    interruptedDone: 0,
    problems: [],
  };
  const alive = new Set<number>();
  let first = 0;
  while (figures.kills < options.kills && figures.problems.length === 0) {
    const worker = startWorker("retain-and-forget.ts", [
      options.subject,
      options.place,
      String(first),
    ]);
    // Three retains and a forget.
    while (worker.lines.length < 8 && worker.child.exitCode === null) await sleep(5);
    await sleep(Math.random() * 150);
    worker.child.kill("SIGKILL");
    await worker.ended;
    const story = storyOf(worker.lines);
    if (worker.errors.length > 0) figures.problems.push(worker.errors.join(""));
    const { problems, isDone } = await verify(options, alive, story);
    figures.kills += 1;
    figures.retained += story.retained.size;
    figures.forgotten += story.forgotten.size;
    if (story.underWay !== undefined) figures.interrupted += 1;
    if (isDone === true) figures.interruptedDone += 1;
    figures.problems.push(...problems.map((problem) => `after kill ${figures.kills}: ${problem}`));
    first = Math.max(first, ...story.retained, story.underWay?.number ?? 0) + 1;
    options.onKill?.(figures);
  }
  return figures;
}
