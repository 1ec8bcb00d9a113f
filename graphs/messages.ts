/** The part of a LangChain message that the nodes read; any copy of LangChain's core makes such objects. */
export interface MessageLike {
  readonly content: unknown;
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  readonly role?: string | undefined;
  readonly text?: string | undefined;
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

/** The last thing the user said, or undefined. */
export function lastHumanMessage({ messages }: MessagesState): MessageLike | undefined {
  return messages.findLast(isHuman);
}
