/** A message as every model has it. */
export interface PlainMessage {
  readonly role: string;
  readonly content: string;
}

export interface OfflineAnswer {
  readonly text: string;
  readonly toolCall?: { readonly name: string; readonly arguments: Record<string, string> };
}

const memoryLine = /^\[Memory \d+\].*?\}: (.*)$/m;

/** The best memory in a prompt, or in what a memory tool gave. */
function bestMemory(text: string): string | undefined {
  const line = memoryLine.exec(text)?.[1];
  if (line !== undefined) return line;
  try {
    const { hits } = JSON.parse(text) as { hits?: { text: string }[] };
    return hits?.[0]?.text;
  } catch {
    return undefined;
  }
}

/**
 * What stands in for a model: it keeps statements and looks questions up, where it has tools for that, and else quotes the best
 * memory that it is shown.
 */
export function offlineAnswer(
  messages: readonly PlainMessage[],
  toolNames: readonly string[],
): OfflineAnswer {
  const last = messages.at(-1);
  if (last?.role === "user" && toolNames.length > 0) {
    const isQuestion = last.content.trim().endsWith("?");
    return isQuestion
      ? { text: "", toolCall: { name: "memory_recall", arguments: { query: last.content } } }
      : { text: "", toolCall: { name: "memory_retain", arguments: { content: last.content } } };
  }
  const shown =
    last?.role === "tool" ? last.content : messages.map(({ content }) => content).join("\n");
  const best = bestMemory(shown);
  if (best !== undefined) return { text: `From memory, quoted without a model: “${best}”` };
  return {
    text: last?.role === "tool" ? "I will remember that." : "I have no memory of that yet.",
  };
}
