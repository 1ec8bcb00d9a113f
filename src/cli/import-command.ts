import { createReadStream } from "node:fs";
import { access, constants } from "node:fs/promises";
import { Option, type Command } from "commander";
import { InvalidArgumentError } from "../errors.js";
import { conflictRules, type ConflictRule } from "../portability/import-result.js";
import { createProgressBar } from "./progress-bar.js";
import { printable, printableJson, type Terminal } from "./terminal.js";
import { bankCommand, contextOf, withBrain, type BrainOptions } from "./with-brain.js";

interface ImportCliOptions extends BrainOptions {
  readonly onConflict: ConflictRule;
  readonly useEmbeddings?: boolean;
  readonly json?: boolean;
}

async function assertReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw new InvalidArgumentError(`import: ${path} cannot be read`, { cause: error });
  }
}

/** `astrocyte import`: reads an AMA file into a bank. */
export function createImportCommand(terminal: Terminal, fail: () => void): Command {
  return bankCommand("import", "read the memories of an AMA file into a bank")
    .argument("<file>", "the file; - for what is piped in")
    .addOption(
      new Option("--on-conflict <rule>", "for a memory whose id the bank has already")
        .choices(conflictRules)
        .default("skip"),
    )
    .option("--use-embeddings", "take the file's vectors as they are")
    .option("--json", "print the result as JSON")
    .action(async (bankId: string, file: string, options: ImportCliOptions) => {
      const { onConflict, useEmbeddings, json } = options;
      if (file !== "-") await assertReadable(file);
      const bar = createProgressBar("import", terminal);
      const result = await withBrain(options, terminal, async (brain) => {
        const source = file === "-" ? terminal.input : createReadStream(file);
        try {
          return await brain.importBank(source, {
            bankId,
            onConflict,
            useEmbeddings,
            context: contextOf(options),
            onProgress: (done, total) => bar.update(done, total),
          });
        } finally {
          bar.end();
        }
      });
      const { imported, skipped, errors, malformed, problems } = result;
      for (const problem of problems) terminal.writeError(printable(`${problem}\n`));
      if (json === true) terminal.write(`${printableJson(result)}\n`);
      else {
        const counts = `imported=${imported} skipped=${skipped} errors=${errors}`;
        terminal.write(`${counts} malformed=${malformed}\n`);
      }
      if (errors + malformed > 0) fail();
    });
}
