import { Command, CommanderError } from "commander";
import { AstrocyteError } from "../errors.js";
import { createConfigCommand } from "./config-command.js";
import { createDoctorCommand } from "./doctor-command.js";
import { createExportCommand } from "./export-command.js";
import { createForgetCommand } from "./forget-command.js";
import { createImportCommand } from "./import-command.js";
import { packageInfo } from "./package-info.js";
import { createRecallCommand } from "./recall-command.js";
import { createRetainCommand } from "./retain-command.js";
import { printable, type Terminal } from "./terminal.js";

/** What the process ends with. */
const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

function prepare(command: Command, terminal: Terminal): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => terminal.write(text),
    writeErr: (text) => terminal.writeError(text),
  });
  for (const child of command.commands) prepare(child, terminal);
}

/**
 * Runs the command line.
 *
 * @returns The exit code: 0 when all is well, 1 when the command found something wrong, 2 when it was called wrongly.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.ok;
  const fail = () => {
    code = exitCodes.failed;
  };
  const program = new Command("astrocyte")
    .description("governed long-term memory")
    .version(packageInfo().version)
    .addCommand(createConfigCommand(terminal, fail))
    .addCommand(createDoctorCommand(terminal, fail))
    .addCommand(createRetainCommand(terminal, fail))
    .addCommand(createRecallCommand(terminal))
    .addCommand(createForgetCommand(terminal))
    .addCommand(createExportCommand(terminal))
    .addCommand(createImportCommand(terminal, fail));
  prepare(program, terminal);
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    // A stack says nothing to the one who wrote the file.
    const message = error instanceof Error ? error.message : String(error);
    const prefix = AstrocyteError.isInstance(error) ? "error" : "unexpected error";
    terminal.writeError(printable(`${prefix}: ${message}\n`));
    return exitCodes.failed;
  }
}
