import { writeFileSync } from "node:fs";
import { textTable } from "../../../conformance/text-table.js";
import { measureInMemory, measureSqlite, ours, ownSearch, type Measured } from "./measure.js";
import { plot } from "./plot.js";

export interface PipelineBenchOptions {
  /** The largest bank. */
  readonly maxMemories: number;
  /** Where `mem0ai` is installed; without it, it does not take part. */
  readonly mem0Folder: string | undefined;
  /** Where the plot is written. */
  readonly svgFile: string | undefined;
}

const largeSteps = [1_000, 10_000, 100_000];
const sqliteSteps = [1_000, 10_000];

function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

function figure(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

function report({ store, memories, medians, firstRecallMs, retainsPerSecond }: Measured): void {
  const base = medians[ours] ?? 1;
  const own = medians[ownSearch] ?? 0;
  print(`\n${store}, ${memories.toLocaleString("en")} memories of one bank\n`);
  print(
    textTable([
      ["", "median ms", "of ours"],
      ...Object.entries(medians).map(([name, ms]) => [name, figure(ms), `x${figure(ms / base)}`]),
    ]),
  );
  print(`\nrecall less its store's own search: ${figure(base - own)} ms`);
  print(`first recall, which builds the index: ${figure(firstRecallMs)} ms`);
  print(`retain, embedding excluded: ${Math.round(retainsPerSecond)} memories/s`);
}

/** Measures recall and retain by the number of memories; gives the figures, by name. */
export async function runPipeline(options: PipelineBenchOptions): Promise<Record<string, number>> {
  const { maxMemories, mem0Folder, svgFile } = options;
  const inMemory: Measured[] = [];
  const all: Measured[] = [];
  for (const memories of largeSteps.filter((step) => step <= maxMemories)) {
    const measured = await measureInMemory(memories, mem0Folder);
    report(measured);
    inMemory.push(measured);
    all.push(measured);
  }
  for (const memories of sqliteSteps.filter((step) => step <= maxMemories)) {
    const measured = await measureSqlite(memories);
    report(measured);
    all.push(measured);
  }
  if (svgFile !== undefined) {
    const names = Object.keys(inMemory[0]?.medians ?? {});
    const series = names.map((name) => ({
      name,
      points: inMemory.flatMap(({ memories, medians }) => {
        const ms = medians[name];
        return ms === undefined ? [] : [[memories, ms] as const];
      }),
    }));
    writeFileSync(svgFile, plot("Milliseconds of one search in memory, 384 dimensions", series));
  }
  return Object.fromEntries(
    all.flatMap(({ store, memories, medians, firstRecallMs, retainsPerSecond }) => {
      const name = `pipeline: ${store}, ${memories}`;
      return [
        ...Object.entries(medians).map(([who, ms]) => [`${name}: ${who} (ms)`, ms] as const),
        [`${name}: first recall (ms)`, firstRecallMs],
        [`${name}: retain (memories/s)`, retainsPerSecond],
      ];
    }),
  );
}
