import { stat, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { textTable } from "../text-table.js";
import { areaRunners } from "./areas/index.js";
import { knownDifferences } from "./known-differences.js";
import { outOfScope } from "./out-of-scope.js";
import { readAreas } from "./read-areas.js";
import { reportOf } from "./report.js";
import { runParity } from "./run-parity.js";

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "string" }, area: { type: "string" } },
  });
  const [folder = import.meta.dirname] = positionals;
  if (!(await isFolder(folder))) {
    print(
      `The folder ${folder} with the recorded areas does not exist\n` +
        "Usage: npm run parity -- [folder with the recorded areas] [--area name] [--json file]",
    );
    return 2;
  }
  const files = (await readAreas(folder)).filter(
    ({ area }) => values.area === undefined || area === values.area,
  );
  if (files.length === 0) {
    print(`No area file${values.area === undefined ? "" : ` of ${values.area}`} in ${folder}`);
    return 2;
  }
  const report = reportOf(await runParity(files, areaRunners, knownDifferences, outOfScope));
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  print(
    textTable([
      ["area", "cases", "passed", "failed", "corrected", "known difference", "skipped"],
      ...report.areas.map((row) => [
        row.area,
        row.cases,
        row.passed,
        row.failed,
        row.corrected,
        row.knownDifferences,
        row.notMapped,
      ]),
    ]),
  );
  for (const { id, detail } of report.knownDifferences) print(`\ndiffers ${id}\n  ${detail}`);
  for (const [reason, cases] of Object.entries(report.skipped)) {
    print(`\nskipped ${cases}: ${reason}`);
  }
  for (const id of report.stale) print(`\nno longer differs, take it off the table: ${id}`);
  for (const { id, detail } of report.failures) print(`\nFAILED ${id}\n  ${detail}`);
  const { passed, failed, corrected, knownDifferences: known, notMapped } = report.totals;
  print(
    `\nApart from these: ${corrected} agree with the corrected expectation of a hardened rule, ${known} differ as listed.`,
  );
  print(`${passed} passed, ${failed} failed, ${notMapped} skipped`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
