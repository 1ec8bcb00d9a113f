import type { RecallRequest } from "../../dto/recall.js";
import type { ReflectRequest, ReflectResult } from "../../dto/reflect.js";
import { CapabilityNotSupportedError } from "../../errors.js";
import type { Pipeline } from "../pipeline.js";
import { recall, type RecallCallOptions } from "../recall/recall.js";
import { synthesise } from "./synthesise.js";

const evidenceSize = 30;
const answerSize = 12;

/** The recall that gathers evidence for an answer. */
export function evidenceRequest(request: ReflectRequest, maxResults = evidenceSize): RecallRequest {
  const { query, bankId, maxTokens, tags, asOf, queryReferenceDate } = request;
  return {
    query,
    bankId,
    maxTokens,
    tags,
    asOf,
    queryReferenceDate,
    maxResults,
    includeSources: false,
  };
}

/**
 * Answers a question from the bank's memories with one model call.
 *
 * @throws CapabilityNotSupportedError when there is no model; the model's own error when it fails.
 */
export async function reflect(
  pipeline: Pipeline,
  request: ReflectRequest,
  options: RecallCallOptions = {},
): Promise<ReflectResult> {
  const { llm } = pipeline;
  if (llm === undefined) {
    throw new CapabilityNotSupportedError(
      "pipeline",
      "reflect",
      "it needs a model; pass providers.llm or configure llm_provider, or use recall",
    );
  }
  const { hits } = await recall(pipeline, evidenceRequest(request), options);
  return synthesise(llm, request, hits.slice(0, answerSize), options);
}
