import type { ReflectRequest, ReflectResult } from "./dto/reflect.js";
import { CapabilityNotSupportedError } from "./errors.js";
import { evidenceRequest } from "./pipeline/reflect/reflect.js";
import { synthesise } from "./pipeline/reflect/synthesise.js";
import type { CallOptions } from "./spi/call-options.js";
import type { EngineProvider } from "./spi/engine-provider.js";
import type { LLMProvider } from "./spi/llm-provider.js";

export type FallbackStrategy = "error" | "degrade" | "local_llm";

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
  const { hits } = await engine.recall(evidenceRequest(request, 10), options);
  if (fallback === "local_llm" && llm !== undefined) return synthesise(llm, request, hits, options);
  const answer = hits.map(({ text }) => text).join("\n");
  return { answer, ...(request.includeSources ? { sources: hits } : {}) };
}
