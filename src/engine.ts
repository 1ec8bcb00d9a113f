import { matchesFilters } from "./dto/filters.js";
import type { RecallRequest, RecallResult } from "./dto/recall.js";
import type { ReflectRequest, ReflectResult } from "./dto/reflect.js";
import type { RetainRequest, RetainResult } from "./dto/retain.js";
import { CapabilityNotSupportedError } from "./errors.js";
import { evidenceRequest } from "./pipeline/reflect/reflect.js";
import { synthesise } from "./pipeline/reflect/synthesise.js";
import type { CallOptions } from "./spi/call-options.js";
import type { EngineProvider } from "./spi/engine-provider.js";
import type { LLMProvider } from "./spi/llm-provider.js";

export type FallbackStrategy = "error" | "degrade" | "local_llm";

/** Retains unless the content is larger than the engine takes; then it is refused with `error`. */
export async function retainWithEngine(
  engine: EngineProvider,
  request: RetainRequest,
  options: CallOptions,
): Promise<RetainResult> {
  const { maxRetainBytes } = engine.capabilities;
  const bytes = Buffer.byteLength(request.content);
  if (maxRetainBytes === undefined || bytes <= maxRetainBytes)
    return engine.retain(request, options);
  const error = `Content exceeds maximum size (${bytes} > ${maxRetainBytes} bytes)`;
  return { stored: false, deduplicated: false, curated: false, error };
}

/**
 * Recalls within the engine's limits. An engine without tags is asked without them, and its hits are filtered: leaving a
 * filter out must not widen the answer.
 */
export async function recallWithEngine(
  engine: EngineProvider,
  request: RecallRequest,
  options: CallOptions,
): Promise<RecallResult> {
  const { maxRecallResults = Number.POSITIVE_INFINITY, supportsTags } = engine.capabilities;
  const { tags, ...untagged } = request;
  const asked = supportsTags ? request : untagged;
  const maxResults = Math.min(Math.max(1, request.maxResults), maxRecallResults);
  const result = await engine.recall({ ...asked, maxResults }, options);
  if (supportsTags) return result;
  return { ...result, hits: result.hits.filter((hit) => matchesFilters(hit, { tags })) };
}

/**
 * Reflect for an engine: its own when it has one; else by the configured fallback. `degrade` answers with the recalled texts,
 * `local_llm` recalls through the engine and answers with our model.
 *
 * @throws CapabilityNotSupportedError for `error`, and for `local_llm` without a model.
 */
export async function reflectWithEngine(
  engine: EngineProvider,
  llm: LLMProvider | undefined,
  fallback: FallbackStrategy,
  request: ReflectRequest,
  options: CallOptions,
): Promise<ReflectResult> {
  if (engine.capabilities.supportsReflect && engine.reflect !== undefined) {
    const result = await engine.reflect(request, options);
    if (request.includeSources) return result;
    const { sources: _sources, ...rest } = result;
    return rest;
  }
  if (fallback === "error" || (fallback === "local_llm" && llm === undefined)) {
    throw new CapabilityNotSupportedError(
      engine.name,
      "reflect",
      "set fallback_strategy to degrade, or to local_llm with a model",
    );
  }
  const { hits } = await recallWithEngine(engine, evidenceRequest(request, 10), options);
  if (fallback === "local_llm" && llm !== undefined) return synthesise(llm, request, hits, options);
  const answer = hits.map(({ text }) => text).join("\n");
  return { answer, ...(request.includeSources ? { sources: hits } : {}) };
}
