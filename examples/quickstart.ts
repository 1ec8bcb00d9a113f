/**
 * An agent that remembers, across threads and across restarts, with no key and no server:
 *
 *     npm run quickstart
 *     npm run quickstart -- --locomo <locomo.json> --conversation conv-26 --questions 10
 */
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Astrocyte, AstrocyteError } from "astrocyte";
import { createAnswerer } from "./quickstart/answer.js";
import { runLocomo } from "./quickstart/locomo.js";
import { print, printFigures, timed } from "./quickstart/report.js";
import { playStory } from "./quickstart/story.js";

const usage =
  "usage: quickstart [--locomo <file>] [--conversation <id>] [--questions <n>] [--json <file>]";

function readOptions() {
  const { values } = parseArgs({
    options: {
      locomo: { type: "string" },
      conversation: { type: "string", default: "conv-26" },
      questions: { type: "string", default: "10" },
      json: { type: "string" },
    },
  });
  const questionCount = Number(values.questions);
  if (!Number.isInteger(questionCount) || questionCount < 1) {
    throw new Error(`--questions must be a whole number from 1, got ${values.questions}`);
  }
  return { ...values, questionCount };
}

async function main(): Promise<void> {
  const { locomo, conversation, questionCount, json } = readOptions();
  const answerer = createAnswerer(process.env);
  print("Astrocyte quickstart");
  print(`  memory file: ${resolve(".astrocyte/memory.db")}`);
  print(`  answers by:  ${answerer.name}`);
  await using brain = await timed("open", () =>
    Astrocyte.fromConfig(fileURLToPath(new URL("astrocyte.yaml", import.meta.url))),
  );
  const figures =
    locomo === undefined
      ? await playStory(brain, answerer)
      : await runLocomo(brain, { file: locomo, conversationId: conversation, questionCount });
  print();
  printFigures(figures, json);
}

try {
  await main();
} catch (error) {
  const code = AstrocyteError.isInstance(error) ? ` (${error.code})` : "";
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}${code}\n${usage}\n`,
  );
  process.exitCode = 1;
}
