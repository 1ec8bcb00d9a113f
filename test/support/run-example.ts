import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = join(import.meta.dirname, "../../examples");
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** The examples by path: every TypeScript file that lies in the folder itself. */
export function listExamples(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}

/**
 * Runs a file as a user would, without a key, in an empty working directory unless one is given.
 *
 * @param runs - How often, one after the other, in the same directory; stops at the first failure.
 */
export async function runExample(
  file: string,
  { runs = 1, args = [] }: { runs?: number; args?: readonly string[] } = {},
): Promise<Outcome> {
  const cwd = mkdtempSync(join(tmpdir(), "astrocyte-example-"));
  try {
    let outcome: Outcome = { code: 0, output: "" };
    for (let run = 0; run < runs && outcome.code === 0; run += 1) {
      outcome = await spawnExample(file, args, cwd);
    }
    return outcome;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Starts a file in a directory and waits for its end. */
export function spawnExample(
  file: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const { OPENAI_API_KEY: _key, ...env } = process.env;
  return new Promise<Outcome>((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--import", tsx, "--conditions=@astrocyte/source", file, ...args],
      { cwd, env: { ...env, ...environment }, stdio: ["ignore", "pipe", "pipe"], timeout: 110_000 },
    );
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}
