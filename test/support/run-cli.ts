import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Readable } from "node:stream";
import { runCli } from "../../src/cli/run-cli.js";

const root = join(import.meta.dirname, "../..");
const loader = join(root, "node_modules/tsx/dist/loader.mjs");

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a process of its own, from its source; with nothing of this process's environment but the path. */
export function runCliProcess(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): CliResult {
  const main = join(root, "src/cli/main.ts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@astrocyte/source", `--import=${loader}`, main, ...args],
    { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"], ...environment } },
  );
  return { status, stdout, stderr };
}

/** Runs the command line in this process, with its environment. */
export async function runCliHere(
  args: readonly string[],
  { input = "", isInteractive = false } = {},
): Promise<CliResult> {
  let stdout = "";
  let stderr = "";
  const status = await runCli(args, {
    write: (text) => {
      stdout += text;
    },
    writeError: (text) => {
      stderr += text;
    },
    writeAll: async (pieces) => {
      for await (const piece of pieces) stdout += piece;
    },
    input: Readable.from([new TextEncoder().encode(input)]),
    isInteractive,
  });
  return { status, stdout, stderr };
}
