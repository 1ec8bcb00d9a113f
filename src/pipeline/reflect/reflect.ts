import type { ReflectRequest, ReflectResult } from "../../dto/reflect.js";
import { toTimestamp } from "../../dto/timestamp.js";
import { CapabilityNotSupportedError } from "../../errors.js";
import { enforceTokenBudget } from "../../policy/tokens.js";
import type { LLMProvider } from "../../spi/llm-provider.js";
import { verifyPremises } from "../llm/verify-premises.js";
import type { Pipeline } from "../pipeline.js";
import { planQuery, type QueryPlan } from "../recall/plan/query-plan.js";
import { recall, type RecallCallOptions } from "../recall/recall.js";
import { reflectWithTools } from "./agent/reflect-with-tools.js";
import { authorityBlock } from "./authority-block.js";
import { evidenceRequest } from "./evidence-request.js";
import { evidenceTokens, gatherEvidence, type Evidence } from "./gather-evidence.js";
import { abstentionAnswer } from "./plan/abstention.js";
import { choosePromptVariant } from "./plan/prompt-variant.js";
import type { Framing } from "./prompt.js";
import { ReflectLog } from "./reflect-log.js";
import { sourcesOf, synthesise } from "./synthesise.js";
import { isTooWeak, strengthOf } from "./weak-evidence.js";

const premiseEvidence = 5;

/** What to answer when the question presupposes something that memory does not support. */
async function findFalsePremise(
  pipeline: Pipeline,
  llm: LLMProvider,
  request: ReflectRequest,
  log: ReflectLog,
  options: RecallCallOptions,
): Promise<string | undefined> {
  const { premises } = pipeline.reflectSettings;
  if (premises === undefined) return undefined;
  const { minConfidence } = premises;
  const recallFor = async (claim: string) => {
    const found = await recall(
      pipeline,
      evidenceRequest(request, {
        query: claim,
        maxResults: premiseEvidence,
        maxTokens: evidenceTokens(pipeline, request),
      }),
      options,
    );
    log.addUsage(found.usage);
    return found.hits;
  };
  const checked = await verifyPremises(llm, request.query, recallFor, {
    minConfidence,
    signal: options.signal,
  });
  return log.take("premise_verification", checked).shortCircuit;
}

/** What the prompt says beside memories and question. */
function frame(
  pipeline: Pipeline,
  request: ReflectRequest,
  plan: QueryPlan,
  evidence: Evidence,
): Framing {
  const { reflectSettings, options, clock } = pipeline;
  const isReference = options.preset === "reference";
  const now = plan.needsTemporalReasoning ? toTimestamp(clock.now()) : undefined;
  const { queryReferenceDate } = request;
  return {
    variant: choosePromptVariant({
      planned: plan.promptVariant,
      topSemanticScore: strengthOf(pipeline, evidence),
    }),
    dispositions: request.dispositions ?? reflectSettings.dispositions,
    warnsOfPremises: reflectSettings.warnsOfPremises,
    authority: authorityBlock(pipeline, evidence.hits),
    guidance: plan.guidance.map(({ text }) => text),
    referenceDate: isReference ? queryReferenceDate : (queryReferenceDate ?? request.asOf ?? now),
  };
}

/** The answer from evidence, before the costs of everything that led to it are added up. */
async function answerFrom(
  pipeline: Pipeline,
  llm: LLMProvider,
  request: ReflectRequest,
  log: ReflectLog,
  options: RecallCallOptions,
): Promise<ReflectResult> {
  const plan = planQuery(request.query);
  const evidence = await gatherEvidence(pipeline, request, plan, log, options);
  const declined = (answer: string): ReflectResult => ({ answer, ...sourcesOf(request, []) });
  if (evidence.hits.length > 0) {
    const refutation = await findFalsePremise(pipeline, llm, request, log, options);
    if (refutation !== undefined) return declined(refutation);
  }
  if (isTooWeak(pipeline, request, evidence)) return declined(abstentionAnswer);
  const framing = frame(pipeline, request, plan, evidence);
  const { hits } = evidence;
  const researched = await reflectWithTools(
    pipeline,
    llm,
    request,
    { hits, framing, log },
    options,
  );
  const { answer } = researched;
  const isCited = answer !== undefined;
  const maxTokens = isCited ? undefined : evidenceTokens(pipeline, request);
  const { hits: found } = enforceTokenBudget(researched.hits, maxTokens, pipeline.countTokens);
  const authority = authorityBlock(pipeline, found);
  const context = authority === undefined ? {} : { authorityContext: authority };
  if (isCited) return { answer, ...sourcesOf(request, found), ...context };
  const framed = { ...framing, authority };
  const { usage, ...result } = await synthesise(llm, request, found, options, framed);
  log.addUsage(usage);
  return { ...result, ...context };
}

/**
 * Answers a question from the bank's memories: plan, gather evidence, check it as configured, and have a model answer. Without
 * evidence no model is called.
 *
 * @throws CapabilityNotSupportedError when there is no model; the model's own error when it fails to answer. Of the other
 *   stages, a failing one is left out.
 * @remarks Contract 05 section 7.
 */
export async function reflect(
  pipeline: Pipeline,
  request: ReflectRequest,
  options: RecallCallOptions = {},
): Promise<ReflectResult> {
  const { llm, logger } = pipeline;
  if (llm === undefined) {
    throw new CapabilityNotSupportedError(
      "pipeline",
      "reflect",
      "it needs a model; pass providers.llm or configure llm_provider, or use recall",
    );
  }
  const log = new ReflectLog(logger, request.bankId);
  const result = await answerFrom(pipeline, llm, request, log, options);
  return log.usage === undefined ? result : { ...result, usage: log.usage };
}
