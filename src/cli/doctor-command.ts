import { existsSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { checkNode, checkPeers, type Finding } from "./check-environment.js";
import { checkProviders } from "./check-providers.js";
import { packageInfo } from "./package-info.js";
import { printable, type Terminal } from "./terminal.js";
import { usualFile } from "./with-brain.js";

interface DoctorOptions {
  readonly ask?: boolean;
  readonly timeout: number;
}

function format({ subject, status, detail }: Finding): string {
  return `${status.padEnd(6)}  ${subject}: ${detail}\n`;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError("Expected seconds, more than 0 and at most 3600.");
}

/** @returns Whether nothing failed. */
async function examine(
  file: string | undefined,
  { ask = false, timeout }: DoctorOptions,
  terminal: Terminal,
): Promise<boolean> {
  const target = file ?? (existsSync(usualFile) ? usualFile : undefined);
  let isWell = true;
  const onFinding = (finding: Finding): void => {
    if (finding.status === "failed") isWell = false;
    terminal.write(printable(format(finding)));
  };
  onFinding(checkNode(process.versions.node));
  for (const finding of checkPeers(packageInfo().peerDependencies)) onFinding(finding);
  if (target !== undefined) {
    await checkProviders(target, { ask, timeoutMs: timeout * 1000, terminal, onFinding });
  }
  return isWell;
}

/** `astrocyte doctor`: whether what is needed is there, and works. */
export function createDoctorCommand(terminal: Terminal, fail: () => void): Command {
  return new Command("doctor")
    .description(
      "check Node.js, the optional packages, and the providers of a configuration; a store that keeps a file makes it",
    )
    .argument("[file]", `the configuration; ${usualFile} when it is there`)
    .option("--ask", "ask the model something, which may cost")
    .option("--timeout <seconds>", "how long one provider may take", parseSeconds, 20)
    .action(async (file: string | undefined, options: DoctorOptions) => {
      if (!(await examine(file, options, terminal))) fail();
    });
}
