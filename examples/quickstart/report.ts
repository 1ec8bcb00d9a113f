import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { MemoryHit } from "astrocyte";
import { dateOf } from "./answer.js";

export type Figures = Record<string, number | string>;

export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** A hit on one line: rank, fused score, date, the strategies that found it, and the text cut to fit. */
export function printHit(hit: MemoryHit, rank: number, mark = " "): void {
  const strategies = (hit.strategies ?? []).join("+");
  const text = hit.text.replaceAll("\n", " ");
  const shown = text.length > 88 ? `${text.slice(0, 87)}…` : text;
  print(
    `  ${mark}${String(rank).padStart(2)}  ${hit.score.toFixed(4)}  ${dateOf(hit)}  ${strategies.padEnd(25)}  ${shown}`,
  );
}

/** Runs a step and prints how long it took. */
export async function timed<Result>(label: string, step: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await step();
  print(`  [${label}: ${(performance.now() - start).toFixed(0)} ms]`);
  return result;
}

/** Says on a terminal what a silent step is doing; the next line of output takes its place. */
export function announce(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`  ${text}…\r`);
}

/** Shows a counter on a terminal, and nothing where output is a file or a pipe. */
export function progress(label: string, done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r  ${label}: ${done}/${total}`);
  if (done >= total) process.stderr.write("\r\u001b[K");
}

/** The last line of the command: every figure as `name=value`; also written as JSON when a file is named. */
export function printFigures(figures: Figures, jsonFile: string | undefined): void {
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(figures, null, 2)}\n`);
  print(
    Object.entries(figures)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
  );
}
