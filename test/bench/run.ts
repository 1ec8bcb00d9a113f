/**
 * Runs the benches, all or those whose file name holds a word, and ends with one line of figures:
 *
 *     npm run bench -- [pipeline | policy] [--json <file>]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { policyRows } from "./policy-rows.js";

const reportSchema = z.object({
  files: z.array(
    z.object({
      groups: z.array(
        z.object({
          fullName: z.string(),
          benchmarks: z.array(
            z.object({ name: z.string(), median: z.number(), sampleCount: z.number() }),
          ),
        }),
      ),
    }),
  ),
});

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
});

const figures: Record<string, number> = {};
let rows = 0;
let groupCount = 0;

/** The figures that are no times to compare: throughput, growth, overhead. */
async function runPolicy(): Promise<void> {
  process.stdout.write("\npolicy\n");
  for (const { name, value, unit } of await policyRows()) {
    const figure = value.toFixed(value < 100 ? 2 : 0).padStart(12);
    process.stdout.write(`  ${name.padEnd(40)} ${figure} ${unit}\n`);
    figures[`policy: ${name} (${unit})`] = value;
    rows += 1;
  }
  groupCount += 1;
}

function runBenches(): void {
  const folder = mkdtempSync(join(tmpdir(), "astrocyte-bench-"));
  const output = join(folder, "report.json");
  const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
  const args = [vitest, "bench", "--run", "--outputJson", output, ...positionals];
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) {
    process.stderr.write(stderr);
    process.exit(1);
  }
  const { files } = reportSchema.parse(JSON.parse(readFileSync(output, "utf8")));
  rmSync(folder, { recursive: true });

  for (const { fullName, benchmarks } of files.flatMap(({ groups }) => groups)) {
    process.stdout.write(`\n${fullName.split(" > ").at(-1)}\n`);
    const [base] = benchmarks;
    for (const { name, median, sampleCount } of benchmarks) {
      const ratio = median / (base?.median ?? median);
      process.stdout.write(
        `  ${name.padEnd(32)} ${median.toFixed(3).padStart(10)} ms  x${ratio.toFixed(2).padEnd(8)} ${sampleCount} samples\n`,
      );
      figures[`${fullName.split(" > ").at(-1)}: ${name}`] = median;
      rows += 1;
    }
    groupCount += 1;
  }
}

const wanted = (name: string) =>
  positionals.length === 0 || positionals.some((word) => name.includes(word));
if (wanted("pipeline")) runBenches();
if (wanted("policy")) await runPolicy();
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(
  `\nbenches=${rows} groups=${groupCount} unit=${wanted("policy") ? "mixed" : "median_ms"}\n`,
);
if (rows === 0) process.exit(1);
