import type { ModelUsage, TokenUsage } from "../../dto/llm.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { LLMProvider } from "../../spi/llm-provider.js";

export type { ModelUsage };

/** What a stage made of the model's reply. */
export interface ModelOutcome<Value> {
  readonly value: Value;
  readonly usage: ModelUsage;
  /** The name of the error by which the model failed; `value` is then the stage's fallback. */
  readonly failure?: string | undefined;
}

export interface ModelQuestion {
  /** Instructions; nothing of a user's or a memory's text. */
  readonly system: string;
  /** The data, in sections. */
  readonly user: string;
  readonly maxTokens: number;
  readonly model?: string | undefined;
}

export const noUsage: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0 };

export function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
}

/**
 * Asks a model once, at temperature 0, and reads its reply. A model that fails gives the fallback and its error's name; an
 * abort rejects.
 *
 * @param read - Must not throw, whatever the reply.
 */
export async function askModel<Value>(
  llm: LLMProvider,
  { system, user, maxTokens, model }: ModelQuestion,
  read: (reply: string) => Value,
  fallback: Value,
  { signal }: CallOptions,
): Promise<ModelOutcome<Value>> {
  signal?.throwIfAborted();
  let reply: string;
  let tokens: TokenUsage | undefined;
  try {
    const completion = await llm.complete(
      [
        { role: "system", content: system },
        { role: "user", content: user },
      ],
      { maxTokens, temperature: 0, model, signal },
    );
    reply = completion.text;
    tokens = completion.usage;
  } catch (error) {
    signal?.throwIfAborted();
    const failure = error instanceof Error ? error.name : typeof error;
    return { value: fallback, usage: { ...noUsage, calls: 1 }, failure };
  }
  const { inputTokens = 0, outputTokens = 0 } = tokens ?? {};
  return { value: read(reply), usage: { calls: 1, inputTokens, outputTokens } };
}
