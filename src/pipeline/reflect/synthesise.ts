import type { MemoryHit } from "../../dto/recall.js";
import type { ReflectRequest, ReflectResult } from "../../dto/reflect.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { LLMProvider } from "../../spi/llm-provider.js";
import { reflectMessages } from "./prompt.js";

const nothingFound = "I don't have any relevant memories to answer this question.";
const defaultAnswerTokens = 2048;

/** Answers from memories with one model call; without memories it says so and calls no model. */
export async function synthesise(
  llm: LLMProvider,
  request: ReflectRequest,
  hits: readonly MemoryHit[],
  { signal }: CallOptions,
): Promise<ReflectResult> {
  const sources = request.includeSources ? { sources: [...hits] } : {};
  if (hits.length === 0) return { answer: nothingFound, ...sources };
  const completion = await llm.complete(reflectMessages(request.query, hits), {
    maxTokens: request.maxTokens ?? defaultAnswerTokens,
    temperature: 0.1,
    signal,
  });
  return {
    answer: completion.text,
    ...sources,
    ...(completion.usage === undefined ? {} : { usage: completion.usage }),
  };
}
