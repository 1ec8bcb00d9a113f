import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { isRecord } from "../dto/is-record.js";
import { StorageError } from "../errors.js";
import { createProgressBar } from "./progress-bar.js";
import type { Terminal } from "./terminal.js";
import { bankCommand, contextOf, withBrain, type BrainOptions } from "./with-brain.js";

interface ExportCliOptions extends BrainOptions {
  readonly output?: string;
  readonly embeddings?: boolean;
}

/** Writes beside the file and renames, so that no half export ever has its name. */
async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await pipeline(lines, createWriteStream(partial, { flags: "wx", mode: 0o600 }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const code = isRecord(error) ? error["code"] : undefined;
    if (typeof code !== "string" || !/^E[A-Z]+$/.test(code)) throw error;
    throw new StorageError(`export: ${path} cannot be written (${code})`, { cause: error });
  }
}

/** `astrocyte export`: writes a bank as an AMA file. */
export function createExportCommand(terminal: Terminal): Command {
  return bankCommand("export", "write a bank as an AMA file, one memory a line")
    .option("--output <file>", "where to, usually *.ama.jsonl; to the standard output without it")
    .option("--embeddings", "take the vectors along")
    .action(async (bankId: string, options: ExportCliOptions) => {
      const { output, embeddings: includeEmbeddings } = options;
      const bar = createProgressBar("export", terminal);
      let count = 0;
      await withBrain(options, terminal, async (brain) => {
        const lines = brain.exportBank({
          bankId,
          includeEmbeddings,
          context: contextOf(options),
          onProgress: (done, total) => {
            count = done;
            bar.update(done, total);
          },
        });
        try {
          await (output === undefined ? terminal.writeAll(lines) : writeWhole(output, lines));
        } finally {
          bar.end();
        }
      });
      terminal.writeError(`exported=${count}\n`);
    });
}
