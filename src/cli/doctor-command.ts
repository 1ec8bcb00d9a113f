import { existsSync } from "node:fs";
import { Command } from "commander";
import { checkNode, checkPeers, type Finding } from "./check-environment.js";
import { checkProviders } from "./check-providers.js";
import { createWarningPrinter, printable, type Terminal } from "./terminal.js";

const usualFile = "astrocyte.yaml";

function format({ subject, status, detail }: Finding): string {
  return `${status.padEnd(6)}  ${subject}: ${detail}`;
}

/** @returns Whether nothing failed. */
async function examine(file: string | undefined, terminal: Terminal): Promise<boolean> {
  const target = file ?? (existsSync(usualFile) ? usualFile : undefined);
  const findings = [
    checkNode(process.versions.node),
    ...checkPeers(),
    ...(target === undefined ? [] : await checkProviders(target, createWarningPrinter(terminal))),
  ];
  terminal.write(printable(`${findings.map(format).join("\n")}\n`));
  return findings.every(({ status }) => status !== "failed");
}

/** `astrocyte doctor`: whether what is needed is there, and works. */
export function createDoctorCommand(terminal: Terminal, fail: () => void): Command {
  return new Command("doctor")
    .description(
      "check Node.js, the optional packages, and the providers of a configuration; a store that keeps a file makes it",
    )
    .argument("[file]", `the configuration; ${usualFile} when it is there`)
    .action(async (file: string | undefined) => {
      if (!(await examine(file, terminal))) fail();
    });
}
