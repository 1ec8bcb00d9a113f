import { existsSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { Astrocyte } from "../astrocyte.js";
import type { AstrocyteContext } from "../dto/identity.js";
import { ConfigError } from "../errors.js";
import type { Terminal } from "./terminal.js";

/** The configuration where none is named. */
export const usualFile = "astrocyte.yaml";

/** What every command on a bank takes. */
export interface BrainOptions {
  readonly config?: string;
  readonly principal?: string;
}

/** A command on one bank of a configured brain. */
export function bankCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<bank>", "the bank's id")
    .option("--config <file>", `the configuration; ${usualFile} when it is there`)
    .option("--principal <id>", "who calls, such as user:ann, where access is controlled");
}

export function contextOf({ principal }: BrainOptions): AstrocyteContext | undefined {
  return principal === undefined ? undefined : { principal };
}

/** Gathers an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("Expected a whole number, 1 or more.");
}

/** Runs a function with the configured brain, and closes it. */
export async function withBrain<Result>(
  { config }: BrainOptions,
  terminal: Terminal,
  run: (brain: Astrocyte) => Promise<Result>,
): Promise<Result> {
  const file = config ?? (existsSync(usualFile) ? usualFile : undefined);
  if (file === undefined) {
    throw new ConfigError(`There is no ${usualFile} here; name the configuration with --config`);
  }
  const logger = {
    warn: (event: string) => terminal.writeError(`warning: ${event}\n`),
  };
  const brain = await Astrocyte.fromConfig(file, { logger });
  try {
    return await run(brain);
  } finally {
    await brain.close();
  }
}
