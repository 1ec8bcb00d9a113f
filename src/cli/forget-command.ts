import type { Command } from "commander";
import { InvalidArgumentError } from "../errors.js";
import { printableJson, type Terminal } from "./terminal.js";
import { bankCommand, collect, contextOf, withBrain, type BrainOptions } from "./with-brain.js";

interface ForgetCliOptions extends BrainOptions {
  readonly id?: readonly string[];
  readonly tag?: readonly string[];
  readonly before?: string;
  readonly all?: boolean;
  readonly compliance?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `astrocyte forget`: deletes memories. */
export function createForgetCommand(terminal: Terminal): Command {
  return bankCommand("forget", "delete memories of a bank from every store")
    .option("--id <memory>", "a memory's id; may be given several times", collect)
    .option("--tag <tag>", "memories with one of the tags", collect)
    .option("--before <date>", "memories of before then, as ISO 8601")
    .option("--all", "the whole bank")
    .option("--compliance", "in spite of a legal hold, for an admin")
    .option("--reason <text>", "why, for the log")
    .option("--json", "print the receipt as JSON")
    .action(async (bankId: string, options: ForgetCliOptions) => {
      const { id: memoryIds, tag: tags, before: beforeDate, all, json } = options;
      const isSelected = [memoryIds, tags, beforeDate].some((part) => part !== undefined);
      if (isSelected === (all === true)) {
        throw new InvalidArgumentError(
          "forget: say what to forget with --id, --tag or --before, or --all for the whole bank, and not both",
        );
      }
      const { compliance, reason } = options;
      const result = await withBrain(options, terminal, (brain) =>
        brain.forget({
          bankId,
          memoryIds,
          tags,
          beforeDate,
          scope: all === true ? "all" : undefined,
          compliance,
          reason,
          context: contextOf(options),
        }),
      );
      if (json === true) terminal.write(`${printableJson(result)}\n`);
      else terminal.write(`forgotten=${result.deletedCount}\n`);
    });
}
