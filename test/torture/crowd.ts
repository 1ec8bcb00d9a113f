import * as z from "zod";
import { bankOf, markOf } from "./crowd-story.js";
import { startWorker } from "./start-worker.js";
import { openSubject } from "./subjects.js";

export interface CrowdOptions {
  readonly subject: string;
  readonly place: string;
  readonly processes: number;
  /** Retains, each followed by a recall, of each process. */
  readonly rounds: number;
  readonly banks: number;
}

export interface CrowdFigures {
  readonly retainMs: readonly number[];
  readonly recallMs: readonly number[];
  /** Memories that the store holds in the end. */
  readonly memories: number;
  readonly problems: readonly string[];
}

const told = z.object({
  retainMs: z.array(z.number()),
  recallMs: z.array(z.number()),
  problems: z.array(z.string()),
});

/** Lets several processes use one store at once, and looks whether everything is there, in its bank, and nothing else. */
export async function runCrowd(options: CrowdOptions): Promise<CrowdFigures> {
  const { subject, place, processes, rounds, banks } = options;
  // The file is there before many want to create it; creating it at once is tested elsewhere.
  await (await openSubject(subject, place)).close();
  const workers = Array.from({ length: processes }, (_, who) =>
    startWorker("many-banks.ts", [subject, place, ...[who, rounds, banks].map(String)]),
  );
  await Promise.all(workers.map(({ ended }) => ended));
  const problems: string[] = [];
  const retainMs: number[] = [];
  const recallMs: number[] = [];
  for (const [who, { lines, errors }] of workers.entries()) {
    const parsed = told.safeParse(JSON.parse(lines.at(-1) ?? "null"));
    if (!parsed.success || errors.length > 0) problems.push(`process ${who}: ${errors.join("")}`);
    if (!parsed.success) continue;
    retainMs.push(...parsed.data.retainMs);
    recallMs.push(...parsed.data.recallMs);
    problems.push(...parsed.data.problems);
  }
  const store = await openSubject(subject, place);
  problems.push(...((await store.checkIntegrity?.()) ?? []));
  const expected = new Map<string, Set<string>>();
  for (let who = 0; who < processes; who += 1) {
    for (let round = 0; round < rounds; round += 1) {
      const bankId = bankOf(who, round, banks);
      const marks = expected.get(bankId) ?? new Set();
      expected.set(bankId, marks.add(markOf(who, round)));
    }
  }
  let memories = 0;
  for (const [bankId, marks] of expected) {
    const items = await store.listVectors({ bankId, offset: 0, limit: processes * rounds + 1 });
    memories += items.length;
    const found = new Set(items.map(({ text }) => text.split(" ")[0] ?? ""));
    for (const mark of marks) if (!found.has(mark)) problems.push(`${bankId} lost ${mark}`);
    for (const mark of found) if (!marks.has(mark)) problems.push(`${bankId} has ${mark}`);
  }
  await store.close();
  return { retainMs, recallMs, memories, problems };
}
