/**
 * An agent that remembers, across threads and across restarts, with no key and no server:
 *
 *     npm run quickstart
 *     npm run quickstart -- --locomo <locomo.json> --conversation conv-26 --questions 10
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Astrocyte, AstrocyteError } from "astrocyte";
import { createAnswerer } from "./quickstart/answer.js";
import { loadSample, runLocomo } from "./quickstart/locomo.js";
import { print, printFigures, timed } from "./quickstart/report.js";
import { playStory } from "./quickstart/story.js";

const usage =
  "usage: npm run quickstart -- [--locomo <file> [--conversation <id>] [--questions <n>]] [--json <file>]";

class UsageError extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: {
      locomo: { type: "string" },
      conversation: { type: "string", default: "conv-26" },
      questions: { type: "string", default: "10" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (!/^[1-9]\d*$/.test(values.questions)) {
    throw new UsageError(`--questions must be a whole number from 1, got ${values.questions}`);
  }
  return { ...values, questionCount: Number(values.questions) };
}

async function main(): Promise<void> {
  const { locomo, conversation, questionCount, json, help } = readOptions();
  if (help) return print(usage);
  const sample = locomo === undefined ? undefined : loadSample(locomo, conversation);
  print("Astrocyte quickstart");
  await using brain = await timed("open", () =>
    Astrocyte.fromConfig(fileURLToPath(new URL("astrocyte.yaml", import.meta.url))),
  );
  print(`  memory:  ${(await brain.health()).message}`);
  const figures =
    sample === undefined
      ? await playStory(brain, createAnswerer(process.env))
      : await runLocomo(brain, sample, questionCount);
  printFigures(figures, json);
}

function isUsage(error: unknown): boolean {
  return (
    error instanceof UsageError ||
    (error instanceof TypeError &&
      "code" in error &&
      String(error.code).startsWith("ERR_PARSE_ARGS"))
  );
}

try {
  await main();
} catch (error) {
  const code = AstrocyteError.isInstance(error) ? ` (${error.code})` : "";
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${code}\n`);
  if (isUsage(error)) process.stderr.write(`${usage}\n`);
  process.exitCode = 1;
}
