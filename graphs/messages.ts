/** The part of a LangChain message that the nodes read; any copy of LangChain's core makes such objects. */
export interface MessageLike {
  readonly content: unknown;
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly role?: string | undefined;
  readonly text?: string | undefined;
  readonly additional_kwargs?: Readonly<Record<string, unknown>> | undefined;
}

/** State with the usual message list. */
export interface MessagesState {
  readonly messages: readonly MessageLike[];
}

function isTextBlock(block: unknown): block is { text: string } {
  return (
    typeof block === "object" && block !== null && "text" in block && typeof block.text === "string"
  );
}

/** The text of a message, from its `text` or from its text blocks. */
export function messageText(message: MessageLike): string {
  if (typeof message.text === "string") return message.text;
  if (typeof message.content === "string") return message.content;
  if (!Array.isArray(message.content)) return "";
  return message.content
    .filter(isTextBlock)
    .map(({ text }) => text)
    .join("");
}

export function isHuman({ type, role }: MessageLike): boolean {
  return type === "human" || role === "user" || role === "human";
}

export function isAI({ type, role }: MessageLike): boolean {
  return type === "ai" || role === "assistant" || role === "ai";
}

/** The mark of a message that carries memories, in `additional_kwargs`: `{ astrocyte: "recalled" }`. */
export const recalledMark = { astrocyte: "recalled" } as const;

/** Whether a message carries memories, which must not be retained as if they had been said. */
export function isRecalled({ additional_kwargs: fields }: MessageLike): boolean {
  return fields?.["astrocyte"] === recalledMark.astrocyte;
}

/** The last thing the user said, or undefined. */
export function lastHumanMessage({ messages }: MessagesState): MessageLike | undefined {
  return messages.findLast(isHuman);
}

/** The text of the last thing the user said; empty when there is none. */
export function lastQuestion(state: MessagesState): string {
  const message = lastHumanMessage(state);
  return message === undefined ? "" : messageText(message);
}
