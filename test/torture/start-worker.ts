import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Worker {
  readonly child: ChildProcess;
  /** The lines that it printed so far. */
  readonly lines: string[];
  readonly errors: string[];
  /** Resolves when it has ended and everything it printed is there. */
  readonly ended: Promise<unknown>;
}

/** Starts a script of this folder in a process of its own. */
export function startWorker(script: string, args: readonly string[]): Worker {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=@astrocyte/source", file, ...args],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const lines: string[] = [];
  const errors: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => errors.push(chunk));
  const ended = Promise.all([once(child, "close"), once(reader, "close")]);
  return { child, lines, errors, ended };
}
