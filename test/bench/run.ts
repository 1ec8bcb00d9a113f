/**
 * Runs the benches, all or those that are named, and ends with one line of figures:
 *
 *     npm run bench -- [pipeline | policy | langgraph] [--json <file>] [--max-memories 1000] [--svg <file>] [--mem0 <folder>]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runPipeline } from "./pipeline/run-pipeline.js";
import { langGraphRows } from "./lang-graph-rows.js";
import { policyRows, type PolicyRow } from "./policy-rows.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    "max-memories": { type: "string", default: "100000" },
    svg: { type: "string" },
    mem0: { type: "string" },
  },
});

const figures: Record<string, number> = {};
let rows = 0;
let groupCount = 0;

function show(group: string, measured: readonly PolicyRow[]): void {
  process.stdout.write(`\n${group}\n`);
  for (const { name, value, unit } of measured) {
    const figure = value.toFixed(value < 100 ? 2 : 0).padStart(12);
    process.stdout.write(`  ${name.padEnd(48)} ${figure} ${unit}\n`);
    figures[`${group}: ${name} (${unit})`] = value;
    rows += 1;
  }
  groupCount += 1;
}

const wanted = (name: string) =>
  positionals.length === 0 || positionals.some((word) => name.includes(word));
if (wanted("pipeline")) {
  const measured = await runPipeline({
    maxMemories: Number(values["max-memories"]),
    mem0Folder: values.mem0,
    svgFile: values.svg,
  });
  Object.assign(figures, measured);
  rows += Object.keys(measured).length;
  groupCount += 1;
}
// The figures that are no times to compare: throughput, growth, overhead.
if (wanted("policy")) show("policy", await policyRows());
if (wanted("langgraph")) show("langgraph", await langGraphRows());
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(`\nbenches=${rows} groups=${groupCount} unit=mixed\n`);
if (rows === 0) process.exit(1);
