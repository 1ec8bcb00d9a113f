/**
 * Runs the conformance suites on everything that this package brings, and on stores of LangChain and LangGraph. What is ours must
 * pass; what is theirs must come out as `docs/conformance.md` says, which `--write` writes anew. The last line has our figures:
 *
 *     npm run conformance [-- --write] [--json <file>]
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createCollector, type StatementResult, type TestRunner } from "astrocyte/conformance";
import { textTable } from "../../../conformance/text-table.js";
import { startPglite } from "../../support/postgres/start-pglite.js";
import { registerBuiltInTargets } from "./built-in-targets.js";
import { conformancePage } from "./conformance-page.js";
import { registerOtherTargets } from "./other-targets.js";
import { summarise } from "./summarise.js";

const page = join(import.meta.dirname, "../../../docs/conformance.md");

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function run(register: (runner: TestRunner) => void): Promise<StatementResult[]> {
  const collector = createCollector();
  register(collector);
  return collector.run();
}

function figuresOf(results: readonly StatementResult[]) {
  const count = (status: StatementResult["status"]) =>
    results.filter((result) => result.status === status).length;
  return {
    suites: summarise(results),
    totals: { passed: count("passed"), failed: count("failed"), skipped: count("skipped") },
    failures: results
      .filter(({ status }) => status === "failed")
      .map(({ path, title, error }) => ({
        suite: path[0] ?? "",
        title,
        message: messageOf(error),
      })),
    skipped: results
      .filter(({ status }) => status === "skipped")
      .map(({ path, title }) => ({ suite: path[0] ?? "", title })),
  };
}

type Figures = ReturnType<typeof figuresOf>;

function totalsOf({ totals: { passed, failed, skipped } }: Figures): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function printSuites({ suites }: Figures): void {
  const rows = suites.map((row) => [row.target, row.suite, row.passed, row.failed, row.skipped]);
  const head = ["target", "suite", "passed", "failed", "skipped"];
  process.stdout.write(`${textTable([head, ...rows])}\n`);
}

/** The lines of two texts that only one of them has. */
function differences(before: string, now: string): string[] {
  const [old, fresh] = [before.split("\n"), now.split("\n")];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

const { values } = parseArgs({
  options: { json: { type: "string" }, write: { type: "boolean", default: false } },
});
const server = await startPglite();
const ours = await run((runner) => registerBuiltInTargets(runner, server));
const theirs = await run((runner) => registerOtherTargets(runner, server));
await server.stop();

const figures = figuresOf(ours);
const others = figuresOf(theirs);
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify({ ...figures, others }, undefined, 2)}\n`);
}

printSuites(figures);
process.stdout.write("\nOf LangChain and LangGraph\n\n");
printSuites(others);
process.stdout.write(`\n${totalsOf(others)}: see docs/conformance.md\n`);
for (const { suite, title, message } of figures.failures) {
  process.stdout.write(`\nFAILED ${suite}\n  ${title}\n  ${message.replaceAll("\n", "\n  ")}\n`);
}
for (const { suite, title } of figures.skipped) {
  process.stdout.write(`\nskipped ${suite}\n  ${title}`);
}

const isPassed = figures.totals.failed === 0;
if (isPassed) {
  const now = conformancePage(ours, theirs);
  const before = await readFile(page, "utf8").catch(() => "");
  if (values.write) await writeFile(page, now);
  else if (before !== now) {
    const lines = differences(before, now).join("\n");
    process.stdout.write(
      `\n\ndocs/conformance.md says something else; npm run conformance -- --write writes it anew:\n${lines}\n`,
    );
    process.exitCode = 1;
  }
} else process.exitCode = 1;
process.stdout.write(`\n\n${totalsOf(figures)}\n`);
