import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { registerSqlite, registerTestingProviders } from "./built-in-targets.js";
import { createCollector, type StatementResult } from "./collector.js";
import { registerPostgres } from "./postgres-target.js";
import { summarise } from "./summarise.js";
import { textTable } from "./text-table.js";

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function count(results: readonly StatementResult[], status: StatementResult["status"]): number {
  return results.filter((result) => result.status === status).length;
}

const { values } = parseArgs({ options: { json: { type: "string" } } });
const collector = createCollector();
registerTestingProviders(collector);
try {
  await registerSqlite(collector);
} catch (error) {
  collector.describe("sqlite: all suites", () => {
    collector.it("LOAD the adapter can be loaded", () => Promise.reject(error));
  });
}
let stopPostgres = async (): Promise<void> => {};
try {
  stopPostgres = await registerPostgres(collector);
} catch (error) {
  collector.describe("postgres: all suites", () => {
    collector.it("LOAD the adapter and a server can be loaded", () => Promise.reject(error));
  });
}
const results = await collector.run();
await stopPostgres();

const suites = summarise(results);
const totals = {
  passed: count(results, "passed"),
  failed: count(results, "failed"),
  skipped: count(results, "skipped"),
};
const failures = results
  .filter(({ status }) => status === "failed")
  .map(({ path, title, error }) => ({ suite: path[0] ?? "", title, message: messageOf(error) }));
const skipped = results
  .filter(({ status }) => status === "skipped")
  .map(({ path, title }) => ({ suite: path[0] ?? "", title }));

if (values.json !== undefined) {
  const figures = { suites, totals, failures, skipped };
  await writeFile(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
}

const table = textTable([
  ["target", "suite", "passed", "failed", "skipped"],
  ...suites.map((row) => [row.target, row.suite, row.passed, row.failed, row.skipped]),
]);
process.stdout.write(`${table}\n`);
for (const { suite, title, message } of failures) {
  process.stdout.write(`\nFAILED ${suite}\n  ${title}\n  ${message.replaceAll("\n", "\n  ")}\n`);
}
for (const { suite, title } of skipped) process.stdout.write(`\nskipped ${suite}\n  ${title}`);
process.stdout.write(
  `\n\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`,
);
if (totals.failed > 0) process.exitCode = 1;
