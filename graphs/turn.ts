import type { MemoryHit, RetainItem } from "astrocyte";
import type { NodeConfig } from "./bank-id.js";
import { isAI, isHuman, isRecalled, messageText, type MessageLike } from "./messages.js";

/**
 * What of a conversation is retained: what the user said last, that and what was answered, or all that was said since the last
 * retain.
 */
export type TurnSelection = "human" | "turn" | "new";

const memoriesBlock = /<memories>[\s\S]*?<\/memories>/g;
const sentenceEnd = /(?<=[.!?])\s+|\n+/;
/** Shorter texts say too little to be told from ordinary words. */
const leastLength = 12;

function folded(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** A sentence that says what a memory says, word by word. */
function repeats(sentence: string, memories: readonly string[]): boolean {
  const words = folded(sentence);
  if (words.length < leastLength) return false;
  return memories.some((memory) => ` ${words} `.includes(` ${memory} `) || memory.includes(words));
}

/**
 * The words of a message that may be retained: never those that were recalled, neither as they were put before the model nor as
 * the model repeats them.
 */
function ownText(message: MessageLike, memories: readonly MemoryHit[]): string {
  const text = messageText(message).replaceAll(memoriesBlock, "").trim();
  if (isHuman(message)) return text;
  const known = memories
    .map((memory) => folded(memory.text))
    .filter((one) => one.length >= leastLength);
  const sentences = text.split(sentenceEnd);
  if (!sentences.some((sentence) => repeats(sentence, known))) return text;
  return sentences
    .filter((sentence) => !repeats(sentence, known))
    .join(" ")
    .trim();
}

function selected(
  messages: readonly MessageLike[],
  selection: TurnSelection,
  retainedUpTo: string | undefined,
): readonly MessageLike[] {
  const start = messages.findLastIndex(isHuman);
  if (selection === "human") return messages.slice(start).filter(isHuman).slice(0, 1);
  if (selection === "turn") {
    const turn = start < 0 ? [] : messages.slice(start);
    return [...turn.filter(isHuman).slice(0, 1), ...turn.filter(isAI).slice(-1)];
  }
  const done = messages.findLastIndex(({ id }) => id !== undefined && id === retainedUpTo);
  return messages.slice(done + 1).filter((message) => isHuman(message) || isAI(message));
}

function threadIdOf({ configurable }: NodeConfig): string | undefined {
  const threadId = configurable?.["thread_id"];
  return typeof threadId === "string" ? threadId : undefined;
}

export interface TurnOptions {
  readonly selection: TurnSelection;
  /** What was recalled in this turn. */
  readonly memories?: readonly MemoryHit[] | undefined;
  /** The id of the last message that the last retain saw. */
  readonly retainedUpTo?: string | undefined;
  readonly filter?: ((message: MessageLike) => boolean) | undefined;
  readonly tags?: readonly string[] | undefined;
}

/**
 * What a turn leaves to be retained, each with where it comes from: `metadata` has `source`, `role` and, where there are,
 * `thread_id` and `message_id`. A message that a resumed or retried graph sees again is recognised; an edited one is a new memory.
 */
export function itemsOfTurn(
  messages: readonly MessageLike[],
  config: NodeConfig,
  { selection, memories = [], retainedUpTo, filter, tags }: TurnOptions,
): RetainItem[] {
  const threadId = threadIdOf(config);
  return selected(messages, selection, retainedUpTo).flatMap((message) => {
    if (isRecalled(message) || filter?.(message) === false) return [];
    const content = ownText(message, memories);
    if (content === "") return [];
    const { id } = message;
    return [
      {
        content,
        tags,
        metadata: {
          source: "langgraph",
          role: isHuman(message) ? "user" : "assistant",
          ...(threadId === undefined ? {} : { thread_id: threadId }),
          ...(id === undefined ? {} : { message_id: id }),
        },
        idempotencyKey:
          id === undefined ? undefined : JSON.stringify([threadId ?? null, id, content]),
      },
    ];
  });
}
