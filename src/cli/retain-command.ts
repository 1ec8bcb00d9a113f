import type { Command } from "commander";
import { text as readText } from "node:stream/consumers";
import { printable, printableJson, type Terminal } from "./terminal.js";
import { bankCommand, collect, contextOf, withBrain, type BrainOptions } from "./with-brain.js";

interface RetainCliOptions extends BrainOptions {
  readonly tag?: readonly string[];
  readonly occurredAt?: string;
  readonly source?: string;
  readonly contentType?: string;
  readonly idempotencyKey?: string;
  readonly json?: boolean;
}

/** `astrocyte retain`: stores one content. */
export function createRetainCommand(terminal: Terminal, fail: () => void): Command {
  return bankCommand("retain", "store a content in a bank")
    .argument("[content]", "the content; what is piped in when it is left out")
    .option("--tag <tag>", "may be given several times", collect)
    .option("--occurred-at <date>", "when the event happened, as ISO 8601")
    .option("--source <name>", "where the content comes from")
    .option("--content-type <type>", "text, conversation, transcript, document, email, event")
    .option("--idempotency-key <key>", "repeating the command with the same key stores nothing")
    .option("--json", "print the result as JSON")
    .action(async (bankId: string, content: string | undefined, options: RetainCliOptions) => {
      const { tag: tags, occurredAt, source, contentType, idempotencyKey, json } = options;
      const text = content ?? (await readText(terminal.input));
      const result = await withBrain(options, terminal, (brain) =>
        brain.retain(text, {
          bankId,
          tags,
          occurredAt,
          source,
          contentType,
          idempotencyKey,
          context: contextOf(options),
        }),
      );
      const { stored, deduplicated, error } = result;
      if (json === true) terminal.write(`${printableJson(result)}\n`);
      else if (stored) terminal.write(printable(`stored ${result.memoryId ?? ""}\n`));
      else if (deduplicated) terminal.write("there already\n");
      else terminal.writeError(printable(`not stored: ${error ?? "refused"}\n`));
      if (!stored && !deduplicated) fail();
    });
}
