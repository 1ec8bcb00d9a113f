import type { Timestamp } from "../../../dto/timestamp.js";
import { codePointLength } from "../../../internal/code-points.js";
import { trim } from "../../../internal/whitespace.js";

export interface ConversationTurn {
  readonly id: string;
  /** Who speaks. */
  readonly role: string;
  readonly content: string;
  readonly timestamp?: Timestamp | undefined;
  /** Turns of different sessions never share a chunk; turns without one share theirs. */
  readonly sessionId?: string | number | undefined;
}

export interface ConversationChunk {
  /** `**role**: content` blocks with a blank line between them. */
  readonly text: string;
  /** The sizes of its turns together; see {@link chunkConversation}. */
  readonly size: number;
  readonly turnIds: readonly string[];
  readonly earliest?: Timestamp | undefined;
  readonly latest?: Timestamp | undefined;
}

interface OpenChunk {
  readonly session: string | number | undefined;
  readonly turns: ConversationTurn[];
  size: number;
}

/** The role with its asterisks and colon, and the content as it was given. */
function turnSize({ role, content }: ConversationTurn): number {
  return codePointLength(role) + 4 + codePointLength(content) + 2;
}

function render({ role, content }: ConversationTurn): string {
  return `**${role}**: ${trim(content.replaceAll("\r\n", "\n"))}`;
}

function close({ turns, size }: OpenChunk): ConversationChunk {
  const dates = turns
    .map(({ timestamp }) => timestamp)
    .filter((timestamp) => timestamp !== undefined)
    .toSorted();
  return {
    text: turns.map(render).join("\n\n"),
    size,
    turnIds: turns.map(({ id }) => id),
    earliest: dates[0],
    latest: dates.at(-1),
  };
}

/**
 * Cuts a conversation between turns, never inside one, and wherever the session changes. A turn counts the code points of
 * its content and role and 6 more; one that is longer than a chunk stands alone.
 *
 * @param maxSize - Most code points of a chunk.
 */
export function chunkConversation(
  turns: readonly ConversationTurn[],
  maxSize = 12_000,
): ConversationChunk[] {
  const chunks: OpenChunk[] = [];
  for (const turn of turns) {
    const size = turnSize(turn);
    const last = chunks.at(-1);
    if (last !== undefined && last.session === turn.sessionId && last.size + size <= maxSize) {
      last.turns.push(turn);
      last.size += size;
    } else {
      chunks.push({ session: turn.sessionId, turns: [turn], size });
    }
  }
  return chunks.map(close);
}
