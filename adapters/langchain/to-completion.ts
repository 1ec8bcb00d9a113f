import { jsonObjectSchema, type Completion, type TokenUsage, type ToolCall } from "astrocyte";
import * as z from "zod";
import { isRecord } from "./is-record.js";

const tokenCountSchema = z.int().min(0);

function textOfBlocks(blocks: readonly unknown[]): string {
  return blocks
    .map((block) => {
      if (typeof block === "string") return block;
      return isRecord(block) && block["type"] === "text" && typeof block["text"] === "string"
        ? block["text"]
        : "";
    })
    .join("");
}

function textOf(answer: Record<string, unknown>): string {
  const { content } = answer;
  // A getter on messages, absent on what other runnables may give.
  if (typeof answer["text"] === "string") return answer["text"];
  if (Array.isArray(content)) return textOfBlocks(content);
  return typeof content === "string" ? content : "";
}

function modelOf(answer: Record<string, unknown>): string | undefined {
  const metadata = isRecord(answer["response_metadata"]) ? answer["response_metadata"] : {};
  return [metadata["model_name"], metadata["model"]].find(
    (name): name is string => typeof name === "string" && name !== "",
  );
}

/** ChatOpenAI leaves a count of zero out, and gives `{}` when the server counted nothing. */
function usageOf(answer: Record<string, unknown>): TokenUsage | undefined {
  const counts = isRecord(answer["usage_metadata"]) ? answer["usage_metadata"] : {};
  const input = tokenCountSchema.optional().safeParse(counts["input_tokens"]);
  const output = tokenCountSchema.optional().safeParse(counts["output_tokens"]);
  if (!input.success || !output.success) return undefined;
  if (input.data === undefined && output.data === undefined) return undefined;
  return { inputTokens: input.data ?? 0, outputTokens: output.data ?? 0 };
}

function toolCallsOf(answer: Record<string, unknown>, createId: () => string): ToolCall[] {
  const calls: unknown = answer["tool_calls"];
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call: unknown): ToolCall[] => {
    if (!isRecord(call) || typeof call["name"] !== "string") return [];
    const { id, name } = call;
    const args = jsonObjectSchema.safeParse(call["args"] ?? {});
    if (!args.success) return [];
    return [
      { id: typeof id === "string" && id !== "" ? id : createId(), name, arguments: args.data },
    ];
  });
}

/**
 * What a model's `invoke` gave, as a completion. A string counts as an answer. Tool calls whose arguments are no JSON
 * object are left out, as LangChain's `invalid_tool_calls` are.
 */
export function toCompletion(
  answer: unknown,
  {
    model,
    withTools,
    createId,
  }: {
    /** Used when the answer does not say who gave it. */
    readonly model: string;
    readonly withTools: boolean;
    readonly createId: () => string;
  },
): Completion {
  if (!isRecord(answer)) return { text: typeof answer === "string" ? answer : "", model };
  const usage = usageOf(answer);
  const toolCalls = withTools ? toolCallsOf(answer, createId) : [];
  return {
    text: textOf(answer),
    model: modelOf(answer) ?? model,
    ...(usage === undefined ? {} : { usage }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
}
