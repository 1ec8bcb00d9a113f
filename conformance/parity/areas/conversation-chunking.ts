import { toTimestamp } from "astrocyte";
import { chunkConversation } from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, type AreaRunner } from "../area-runner.js";
import type { ParityCase } from "../parity-case.js";

const inputSchema = z.object({
  max_chars: z.int().optional(),
  turns: z.array(
    z.object({
      role: z.string(),
      content: z.string(),
      timestamp: z.string().nullish(),
      metadata: z
        .looseObject({ session_id: z.union([z.string(), z.number()]).nullish() })
        .nullish(),
    }),
  ),
});
type Input = z.infer<typeof inputSchema>;

/** Where a turn begins a new chunk, by value of the sessions. */
function groups({ turns, max_chars: most = 12_000 }: Input): number[][] {
  const found: { members: number[]; size: number; session: unknown }[] = [];
  for (const [index, { role, content, metadata }] of turns.entries()) {
    const session = metadata?.session_id ?? null;
    const size = Array.from(role + content).length + 6;
    const last = found.at(-1);
    if (last?.session === session && last.size + size <= most) {
      last.members.push(index);
      last.size += size;
    } else found.push({ members: [index], size, session });
  }
  return found.map(({ members }) => members);
}

function run({ input, reference_bug: isBug }: ParityCase): unknown {
  const given = inputSchema.parse(input);
  const chunks = chunkConversation(
    given.turns.map(({ role, content, timestamp, metadata }, index) => ({
      id: `t${index}`,
      role,
      content,
      ...(timestamp === undefined || timestamp === null
        ? {}
        : { timestamp: toTimestamp(timestamp) }),
      ...(metadata?.session_id === undefined || metadata.session_id === null
        ? {}
        : { sessionId: metadata.session_id }),
    })),
    given.max_chars,
  );
  if (isBug === true) {
    return new Corrected(
      chunks.map(({ turnIds }) => turnIds),
      groups(given).map((members) => members.map((index) => `t${index}`)),
      "conversation sessions are the same when their ids are equal",
    );
  }
  return {
    chunks: chunks.map(({ text, size, turnIds, earliest, latest }, index) => ({
      index,
      rendered_text: text,
      char_count: size,
      turn_count: turnIds.length,
      turn_ids: turnIds,
      earliest,
      latest,
    })),
  };
}

/** Conversations cut between turns. */
export const conversationChunking: AreaRunner = { area: "conversation_chunking", run };
