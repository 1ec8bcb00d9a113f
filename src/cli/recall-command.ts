import type { Command } from "commander";
import { formatTrace } from "../format-trace.js";
import { printable, printableJson, type Terminal } from "./terminal.js";
import {
  bankCommand,
  collect,
  contextOf,
  parseCount,
  withBrain,
  type BrainOptions,
} from "./with-brain.js";

interface RecallCliOptions extends BrainOptions {
  readonly tag?: readonly string[];
  readonly asOf?: string;
  readonly maxResults?: number;
  readonly maxTokens?: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** `astrocyte recall`: finds memories. */
export function createRecallCommand(terminal: Terminal): Command {
  return bankCommand("recall", "find memories of a bank, best first")
    .argument("<query>", "what is looked for")
    .option("--tag <tag>", "only memories with one of the tags", collect)
    .option("--as-of <date>", "only what was retained by then, as ISO 8601")
    .option("--max-results <count>", "most memories to return", parseCount)
    .option("--max-tokens <count>", "most tokens of all memories together", parseCount)
    .option("--explain", "say why each memory stands where it stands")
    .option("--json", "print the result as JSON")
    .action(async (bankId: string, query: string, options: RecallCliOptions) => {
      const { tag: tags, asOf, maxResults, maxTokens, explain, json } = options;
      const result = await withBrain(options, terminal, (brain) =>
        brain.recall(query, {
          bankId,
          tags,
          asOf,
          maxResults,
          maxTokens,
          explain,
          context: contextOf(options),
        }),
      );
      if (json === true) {
        terminal.write(`${printableJson(result)}\n`);
      } else if (explain === true) {
        terminal.write(`${printable(formatTrace(result))}\n`);
      } else {
        for (const { text, score, memoryId = "" } of result.hits) {
          terminal.write(
            printable(`${score.toFixed(3)}  ${memoryId}  ${text.replace(/\s+/g, " ")}`),
          );
          terminal.write("\n");
        }
        if (result.hits.length === 0) terminal.writeError("nothing found\n");
      }
    });
}
