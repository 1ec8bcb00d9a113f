import type * as z from "zod";
import { matchesFilters } from "./dto/filters.js";
import { recallResultSchema, type RecallRequest, type RecallResult } from "./dto/recall.js";
import { reflectResultSchema, type ReflectRequest, type ReflectResult } from "./dto/reflect.js";
import { suspectKey } from "./dto/reserved.js";
import { retainResultSchema, type RetainRequest, type RetainResult } from "./dto/retain.js";
import { CapabilityNotSupportedError, ProviderUnavailableError } from "./errors.js";
import type { RecallCallOptions } from "./pipeline/recall/recall.js";
import { evidenceRequest } from "./pipeline/reflect/evidence-request.js";
import { synthesise } from "./pipeline/reflect/synthesise.js";
import { callerMetadata } from "./pipeline/retain/build-items.js";
import type { KeyedRetainRequest } from "./pipeline/retain/prepare-content.js";
import { enforceTokenBudget, type TokenCounter } from "./policy/tokens.js";
import type { CallOptions } from "./spi/call-options.js";
import type { EngineProvider } from "./spi/engine-provider.js";
import type { LLMProvider } from "./spi/llm-provider.js";

export type FallbackStrategy = "error" | "degrade" | "local_llm";

/** The request as an engine takes it: the framework's own metadata is the framework's to write, here too. */
function engineRequest({ request, suspect }: KeyedRetainRequest): RetainRequest {
  const metadata = callerMetadata(request.metadata);
  if (suspect !== undefined) metadata[suspectKey] = suspect;
  return { ...request, metadata: Object.keys(metadata).length === 0 ? undefined : metadata };
}

/** @throws ProviderUnavailableError when an engine answers in another form than the contract's. */
function readAnswer<Schema extends z.ZodType>(
  engine: EngineProvider,
  schema: Schema,
  answer: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ProviderUnavailableError(engine.name, "it returned a malformed answer");
}

/**
 * Retains one content after the other. When the engine fails after some, the answers of those are returned, and the rest is
 * missing.
 */
export async function retainAllWithEngine(
  engine: EngineProvider,
  requests: readonly KeyedRetainRequest[],
  options: CallOptions,
): Promise<RetainResult[]> {
  const results: RetainResult[] = [];
  for (const keyed of requests) {
    try {
      results.push(await retainWithEngine(engine, engineRequest(keyed), options));
    } catch (error) {
      if (results.length > 0 && error instanceof ProviderUnavailableError) return results;
      throw error;
    }
  }
  return results;
}

/** Retains unless the content is larger than the engine takes; then it is refused with `error`. */
async function retainWithEngine(
  engine: EngineProvider,
  request: RetainRequest,
  options: CallOptions,
): Promise<RetainResult> {
  const { maxRetainBytes } = engine.capabilities;
  const bytes = Buffer.byteLength(request.content);
  if (maxRetainBytes === undefined || bytes <= maxRetainBytes) {
    return readAnswer(engine, retainResultSchema, await engine.retain(request, options));
  }
  const error = `Content exceeds maximum size (${bytes} > ${maxRetainBytes} bytes)`;
  return { stored: false, deduplicated: false, curated: false, error };
}

export interface EngineRecallOptions extends RecallCallOptions {
  readonly countTokens: TokenCounter;
}

/**
 * Recalls within the engine's limits and ours: hits of other banks, more hits or tokens than were asked for, and memories that
 * are kept out do not get through. An engine without tags is asked without them, and its hits are filtered: leaving a filter out
 * must not widen the answer.
 */
export async function recallWithEngine(
  engine: EngineProvider,
  request: RecallRequest,
  { signal, excludeSuspects = false, countTokens }: EngineRecallOptions,
): Promise<RecallResult> {
  const { maxRecallResults = Number.POSITIVE_INFINITY, supportsTags } = engine.capabilities;
  const { tags, ...untagged } = request;
  const asked = supportsTags ? request : untagged;
  const maxResults = Math.min(Math.max(1, request.maxResults), maxRecallResults);
  const answer = await engine.recall({ ...asked, maxResults }, { signal });
  const result = readAnswer(engine, recallResultSchema, answer);
  const hits = result.hits.filter(
    (hit) =>
      (hit.bankId === undefined || hit.bankId === request.bankId) &&
      (supportsTags || matchesFilters(hit, { tags })) &&
      !(excludeSuspects && hit.metadata?.[suspectKey] !== undefined),
  );
  const budgeted = enforceTokenBudget(hits.slice(0, maxResults), request.maxTokens, countTokens);
  return { ...result, ...budgeted, truncated: result.truncated || budgeted.truncated };
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
  options: EngineRecallOptions,
): Promise<ReflectResult> {
  if (engine.capabilities.supportsReflect && engine.reflect !== undefined) {
    const answer = await engine.reflect(request, { signal: options.signal });
    const { sources, ...rest } = readAnswer(engine, reflectResultSchema, answer);
    if (!request.includeSources || sources === undefined) return rest;
    // An answer drawn from what is kept out cannot be taken back, but its source can.
    const kept = sources.filter(
      ({ metadata }) => !(options.excludeSuspects && metadata?.[suspectKey] !== undefined),
    );
    return { ...rest, sources: kept };
  }
  if (fallback === "error" || (fallback === "local_llm" && llm === undefined)) {
    throw new CapabilityNotSupportedError(
      engine.name,
      "reflect",
      "set fallback_strategy to degrade, or to local_llm with a model",
    );
  }
  const { hits } = await recallWithEngine(
    engine,
    evidenceRequest(request, { maxResults: 10 }),
    options,
  );
  if (fallback === "local_llm" && llm !== undefined) return synthesise(llm, request, hits, options);
  const answer = hits.map(({ text }) => text).join("\n");
  return { answer, ...(request.includeSources ? { sources: hits } : {}) };
}
