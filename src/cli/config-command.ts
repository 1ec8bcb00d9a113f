import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { configJsonSchema } from "../config/config-json-schema.js";
import {
  describeConfig,
  describeUnknownBank,
  formatConfigRows,
} from "../config/describe-config.js";
import { readConfig } from "../config/read-config.js";
import { ConfigError } from "../errors.js";
import { configProblems, providable, type Providable } from "./check-config.js";
import { printWarnings, silentLogger } from "./print-warnings.js";
import { printable, printableJson, type Terminal } from "./terminal.js";

interface CheckOptions {
  readonly provided: readonly Providable[];
  readonly strict?: boolean;
}

interface ShowOptions {
  readonly bank?: string;
  readonly json?: boolean;
}

function addProvided(value: string, before: readonly Providable[]): Providable[] {
  const added = value.split(",").map((word) => {
    const known = providable.find((one) => one === word.trim());
    if (known === undefined) throw new InvalidArgumentError(`Allowed: ${providable.join(", ")}.`);
    return known;
  });
  return [...before, ...added];
}

/** @returns Whether the file can be used; with `strict`, whether there is nothing to say about it either. */
async function check(
  file: string,
  { provided, strict }: CheckOptions,
  terminal: Terminal,
): Promise<boolean> {
  const loaded = await readConfig(file, { logger: silentLogger });
  const problems = await configProblems(loaded, new Set(provided));
  const count = printWarnings(loaded, terminal);
  if (problems.length > 0) throw new ConfigError(`${file}: ${problems.join("; ")}`);
  const warnings = count === 1 ? "1 warning" : `${count} warnings`;
  terminal.write(printable(`${file}: no errors, ${warnings}\n`));
  return count === 0 || strict !== true;
}

async function show(file: string, { bank, json }: ShowOptions, terminal: Terminal): Promise<void> {
  const loaded = await readConfig(file, { logger: silentLogger });
  printWarnings(loaded, terminal);
  const note = bank === undefined ? undefined : describeUnknownBank(loaded, bank);
  if (note !== undefined) terminal.writeError(printable(`note: ${note}\n`));
  const rows = describeConfig(loaded, { bankId: bank });
  const text = json === true ? printableJson(rows) : printable(formatConfigRows(rows));
  terminal.write(`${text}\n`);
}

async function printSchema(file: string | undefined, terminal: Terminal): Promise<void> {
  const text = `${JSON.stringify(configJsonSchema())}\n`;
  if (file === undefined) terminal.write(text);
  else await writeFile(file, text);
}

/**
 * `astrocyte config`: what a configuration says, and whether it is right.
 *
 * @param fail - Called when the command did its work and found something wrong.
 */
export function createConfigCommand(terminal: Terminal, fail: () => void): Command {
  const command = new Command("config").description("read an astrocyte.yaml");
  command
    .command("check")
    .description(
      "name everything that is wrong, misspelt or without effect, and what would keep a brain from being built; opens no store",
    )
    .argument("<file>")
    .option(
      "--provided <keys>",
      `what your program passes as an object or registers itself: ${providable.join(", ")}`,
      addProvided,
      [],
    )
    .option("--strict", "end with 1 when there are warnings, too")
    .action(async (file: string, options: CheckOptions) => {
      if (!(await check(file, options, terminal))) fail();
    });
  command
    .command("show")
    .description("print every setting as it holds, and where it comes from; secrets are masked")
    .argument("<file>")
    .option("--bank <id>", "as it holds for one bank")
    .option("--json", "as a list of { path, value, from }")
    .action((file: string, options: ShowOptions) => show(file, options, terminal));
  command
    .command("schema")
    .description("print the JSON Schema of the document, for editors")
    .option("--output <file>", "write it to a file")
    .action(({ output }: { readonly output?: string }) => printSchema(output, terminal));
  return command;
}
