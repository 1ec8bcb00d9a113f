import type { MemoryHit } from "../../dto/recall.js";
import type { ReflectRequest, ReflectResult } from "../../dto/reflect.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { LLMProvider } from "../../spi/llm-provider.js";
import { reflectMessages, type Framing } from "./prompt.js";

const nothingFound = "I don't have any relevant memories to answer this question.";
const defaultAnswerTokens = 2048;

/** What `sources` of a result are, unless the request leaves them out. */
export function sourcesOf(
  { includeSources }: ReflectRequest,
  hits: readonly MemoryHit[],
): Pick<ReflectResult, "sources"> {
  return includeSources ? { sources: [...hits] } : {};
}

/**
 * Answers from memories with one model call; without memories it says so and calls no model.
 *
 * @throws The model's own error.
 */
export async function synthesise(
  llm: LLMProvider,
  request: ReflectRequest,
  hits: readonly MemoryHit[],
  { signal }: CallOptions,
  framing: Framing = { dispositions: request.dispositions },
): Promise<ReflectResult> {
  if (hits.length === 0) return { answer: nothingFound, ...sourcesOf(request, hits) };
  const { text, usage } = await llm.complete(reflectMessages(request.query, hits, framing), {
    maxTokens: request.maxTokens ?? defaultAnswerTokens,
    temperature: 0.1,
    signal,
  });
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return {
    answer: text,
    ...sourcesOf(request, hits),
    usage: { calls: 1, inputTokens, outputTokens },
  };
}
