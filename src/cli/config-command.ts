import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { configJsonSchema } from "../config/config-json-schema.js";
import { describeConfig, formatConfigRows } from "../config/describe-config.js";
import { readConfig } from "../config/read-config.js";
import { createWarningPrinter, printable, type Terminal } from "./terminal.js";

interface ShowOptions {
  readonly bank?: string;
  readonly json?: boolean;
}

async function check(file: string, terminal: Terminal): Promise<void> {
  const logger = createWarningPrinter(terminal);
  await readConfig(file, { logger });
  const warnings = logger.count === 1 ? "1 warning" : `${logger.count} warnings`;
  terminal.write(`${file}: no errors, ${warnings}\n`);
}

async function show(file: string, { bank, json }: ShowOptions, terminal: Terminal): Promise<void> {
  const loaded = await readConfig(file, { logger: createWarningPrinter(terminal) });
  const rows = describeConfig(loaded, { bankId: bank });
  const text = json === true ? JSON.stringify(rows, undefined, 2) : formatConfigRows(rows);
  terminal.write(`${printable(text)}\n`);
}

async function printSchema(file: string | undefined, terminal: Terminal): Promise<void> {
  const text = `${JSON.stringify(configJsonSchema())}\n`;
  if (file === undefined) terminal.write(text);
  else await writeFile(file, text);
}

/** `astrocyte config`: what a configuration says, and whether it is right. */
export function createConfigCommand(terminal: Terminal): Command {
  const command = new Command("config").description("read an astrocyte.yaml");
  command
    .command("check")
    .description("name everything that is wrong, misspelt or without effect")
    .argument("<file>")
    .action((file: string) => check(file, terminal));
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
