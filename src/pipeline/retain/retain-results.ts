import type { ModelUsage } from "../../dto/llm.js";
import type { RetainResult } from "../../dto/retain.js";

/** The answer to a content of which nothing is left once it is cut. */
export const blankResult: RetainResult = {
  stored: false,
  deduplicated: false,
  curated: false,
  error: "No content after chunking",
};

/** The answer to a content with memories; `stored` when this call made them. */
export function retainResult(memoryIds: readonly string[], stored: boolean): RetainResult {
  const [memoryId] = memoryIds;
  return { stored, memoryId, memoryIds: [...memoryIds], deduplicated: !stored, curated: false };
}

/** The answer with what it cost, when models were asked. */
export function withUsage(answer: RetainResult, usage: ModelUsage): RetainResult {
  return usage.calls === 0 ? answer : { ...answer, usage };
}

/** The answer to a content that repeats another one of the same call. */
export function repeatedResult(first: RetainResult): RetainResult {
  return first.stored ? retainResult(first.memoryIds ?? [], false) : first;
}
