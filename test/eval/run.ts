/**
 * Runs one evaluation on a data set that is not part of the package; its last line has the figures:
 *
 *     npm run eval -- pii --data <file> [--json <file>]
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import * as z from "zod";
import { EvalInputError } from "./eval-input-error.js";

const suffix = ".eval.ts";
const moduleSchema = z.object({
  runEval: z.custom<(args: readonly string[]) => Promise<void>>(
    (value) => typeof value === "function",
  ),
});

function names(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted();
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const { positionals } = parseArgs({ args, strict: false, allowPositionals: true });
  const [name] = positionals;
  if (name === undefined || name !== args[0] || !names().includes(name)) {
    process.stderr.write(
      `${name === undefined ? "No evaluation given" : `Unknown evaluation "${name}"`}; ` +
        `usage: npm run eval -- <${names().join(" | ")}> --data <file> [--json <file>]\n`,
    );
    return 2;
  }
  const file = join(import.meta.dirname, `${name}${suffix}`);
  const { runEval } = moduleSchema.parse(await import(pathToFileURL(file).href));
  try {
    await runEval(args.slice(1));
  } catch (error) {
    if (!(error instanceof EvalInputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  return 0;
}

process.exitCode = await main();
