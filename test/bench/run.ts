/**
 * Runs the benches, all or those that are named, and ends with one line of figures:
 *
 *     npm run bench -- [pipeline | policy | langchain | langgraph | stores] [--json <file>] [--max-memories 1000] [--svg <file>] [--mem0 <folder>]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runPipeline } from "./pipeline/run-pipeline.js";
import { langChainRows } from "./langchain-rows.js";
import { langGraphRows } from "./langgraph-rows.js";
import { policyRows, type PolicyRow } from "./policy-rows.js";
import { runStores } from "./stores/run-stores.js";

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

/** A group whose figures are no times to compare: throughput, growth, overhead. */
async function runRows(group: string, measure: () => Promise<PolicyRow[]>): Promise<void> {
  process.stdout.write(`\n${group}\n`);
  for (const { name, value, unit } of await measure()) {
    const figure = value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 0).padStart(12);
    process.stdout.write(`  ${name.padEnd(40)} ${figure} ${unit}\n`);
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
if (wanted("policy")) await runRows("policy", policyRows);
if (wanted("langchain")) await runRows("langchain", langChainRows);
if (wanted("langgraph")) await runRows("langgraph", langGraphRows);
if (wanted("stores")) {
  const measured = await runStores({ maxMemories: Number(values["max-memories"]) });
  Object.assign(figures, measured);
  rows += Object.keys(measured).length;
  groupCount += 1;
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(`\nbenches=${rows} groups=${groupCount} unit=mixed\n`);
if (rows === 0) process.exit(1);
