/**
 * Runs every example and ends with one line of figures:
 *
 *     npm run examples [-- --json <file>]
 */
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { listExamples, runExample } from "./support/run-example.js";

const { values } = parseArgs({ options: { json: { type: "string" } } });
const rows: { example: string; passed: boolean; milliseconds: number }[] = [];
for (const file of listExamples()) {
  const start = performance.now();
  // Twice in the same directory: an example must also find what it left behind.
  const { code, output } = await runExample(file, { runs: 2 });
  const row = {
    example: basename(file),
    passed: code === 0,
    milliseconds: Math.round(performance.now() - start),
  };
  rows.push(row);
  process.stdout.write(
    `${row.passed ? "ok    " : "FAILED"}  ${row.example.padEnd(32)} ${row.milliseconds} ms\n${row.passed ? "" : output}`,
  );
}
const passed = rows.filter((row) => row.passed).length;
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
process.stdout.write(`${passed} passed, ${rows.length - passed} failed\n`);
if (rows.length === 0 || passed < rows.length) process.exitCode = 1;
