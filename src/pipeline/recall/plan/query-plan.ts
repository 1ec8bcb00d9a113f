import { phrasePattern } from "../../temporal/phrases.js";
import { extractTemporalHints } from "../../temporal/temporal-hints.js";
import { classifyIntent } from "../intent/classify-intent.js";
import type { QueryIntent } from "../intent/query-intent.js";
import { planGuidance, type GuidanceLine } from "./plan-guidance.js";

/** How a question reads, and what reflect makes of that. */
export interface QueryPlan {
  readonly intent: QueryIntent;
  readonly needsTemporalReasoning: boolean;
  /** The answer is a list or a number that several memories add up to. */
  readonly needsAggregateAnswer: boolean;
  readonly needsInference: boolean;
  readonly needsMultiHopSynthesis: boolean;
  /** The question may assume something that no memory says. */
  readonly mayBeAdversarial: boolean;
  /** Absent: the default. */
  readonly promptVariant?: PlannedVariant | undefined;
  /** Memories to recall as evidence. */
  readonly recallMaxResults: number;
  /** Memories to keep after ranking. */
  readonly rankLimit: number;
  /** Memories to keep after their sources are added. */
  readonly expandLimit: number;
  /** Advice for the model about a question of this kind. */
  readonly guidance: readonly GuidanceLine[];
  /** Expressions of time in the question that are relative to some other time. */
  readonly temporalPhrases: readonly string[];
}

export type PlannedVariant =
  | "temporal_aware"
  | "grounded_synthesis"
  | "evidence_inference"
  | "evidence_strict";

type Needs = Pick<
  QueryPlan,
  | "needsTemporalReasoning"
  | "needsAggregateAnswer"
  | "needsInference"
  | "needsMultiHopSynthesis"
  | "mayBeAdversarial"
>;

const word = "[\\p{L}\\p{N}_]+";
const aggregate = phrasePattern(
  "what (?:activities|events|books|items|types|ways|symbols|instruments|artists|bands)|" +
    `how many times|in what ways|what has ${word} (?:painted|bought|read|done)`,
);
const inference = phrasePattern(
  "would|likely|probably|considered|interested in|prefer|leaning|pursue",
);
const adversarial = phrasePattern(
  `type of|what type|did ${word} make|who is ${word} a fan of|what happened to`,
);
const multiHop = phrasePattern(
  "across|combine|relationship|support|participat(?:e|ed|ing)|activities|events|ways|types|how many",
);

function variantFor(needs: Needs): PlannedVariant | undefined {
  if (needs.needsTemporalReasoning) return "temporal_aware";
  if (needs.needsAggregateAnswer || needs.needsMultiHopSynthesis) return "grounded_synthesis";
  if (needs.needsInference) return "evidence_inference";
  return needs.mayBeAdversarial ? "evidence_strict" : undefined;
}

function sizesFor({ needsMultiHopSynthesis, needsInference }: Needs) {
  if (needsMultiHopSynthesis) return { recallMaxResults: 40, rankLimit: 18, expandLimit: 26 };
  if (needsInference) return { recallMaxResults: 36, rankLimit: 16, expandLimit: 24 };
  return { recallMaxResults: 30, rankLimit: 12, expandLimit: 18 };
}

/**
 * Plans from an English question's wording how much evidence an answer needs and how the model should treat it. No model is
 * asked; a question in another language gets the smallest plan.
 *
 * @remarks Contract 05 section 7, step 1.
 */
export function planQuery(query: string): QueryPlan {
  const { intent } = classifyIntent(query);
  const phrases = extractTemporalHints(query).map(({ phrase }) => phrase);
  const needsAggregateAnswer = aggregate.test(query);
  const needs: Needs = {
    needsTemporalReasoning: intent === "temporal" || phrases.length > 0,
    needsAggregateAnswer,
    needsInference: inference.test(query),
    needsMultiHopSynthesis: needsAggregateAnswer || multiHop.test(query),
    mayBeAdversarial: adversarial.test(query),
  };
  return {
    intent,
    ...needs,
    promptVariant: variantFor(needs),
    ...sizesFor(needs),
    guidance: planGuidance(needs, phrases),
    temporalPhrases: phrases,
  };
}
