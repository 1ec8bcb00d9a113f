import type { PlannedVariant } from "../../recall/plan/query-plan.js";

/** How a model is told to answer from memories. */
export type PromptVariant = "default" | PlannedVariant;

const instructions: Readonly<Record<PromptVariant, string>> = {
  default: [
    "Use only what the memories say; combine memories that belong together, and mind whom and which date each is about.",
    "When the question names a person, prefer memories of that person.",
    "When they do not hold the answer, say that it is not available; when the question assumes something they contradict, say so.",
  ].join(" "),
  temporal_aware: [
    "The date in the head of a memory is when it was said or happened: rely on it.",
    "Find the dates the question needs and compute step by step: first the dates, then their order or distance.",
    'Resolve words such as "yesterday" inside a memory against that memory\'s date, and those in the question against the reference date.',
    "When a date that is needed is missing, say so.",
  ].join(" "),
  evidence_strict: [
    "State only what a memory says, and give the number of the memory for each claim, as in [Memory 2].",
    'When no memory supports an answer, or the question assumes what none says, answer "insufficient evidence" and why.',
  ].join(" "),
  evidence_inference: [
    "The question asks for a judgement: infer what the memories make likely or unlikely.",
    "Say how sure that is, name the memories it rests on, and do not go beyond what they suggest.",
  ].join(" "),
  grounded_synthesis: [
    "Go through all memories before answering and collect every distinct item that belongs to the answer.",
    "Count only what a memory states to have happened, and name the same thing once.",
    "Leave out what no memory mentions.",
  ].join(" "),
};

const variants: readonly PlannedVariant[] = [
  "temporal_aware",
  "evidence_strict",
  "evidence_inference",
  "grounded_synthesis",
];

/** The variant of this name; the default for no name and for one that is unknown. */
export function resolvePromptVariant(name: string | undefined): PromptVariant {
  return variants.find((variant) => variant === name) ?? "default";
}

/** What a variant tells the model, beside what every prompt says. */
export function variantInstructions(variant: PromptVariant): string {
  return instructions[variant];
}

/** Below this similarity of the best memory, evidence counts as weak. */
const weakEvidence = 0.5;

export interface VariantChoice {
  /** What a routing rule asks for. */
  readonly ruled?: string | undefined;
  /** What the question's wording asks for. */
  readonly planned?: string | undefined;
  /** Similarity of the best memory by meaning; 0 when nothing was found by meaning. */
  readonly topSemanticScore: number;
}

/**
 * The variant that counts: the rule's, else the strict one for weak evidence, else the plan's.
 *
 * @remarks Contract 05 section 7, step 6.
 */
export function choosePromptVariant({
  ruled,
  planned,
  topSemanticScore,
}: VariantChoice): PromptVariant {
  if (ruled !== undefined) return resolvePromptVariant(ruled);
  return topSemanticScore < weakEvidence ? "evidence_strict" : resolvePromptVariant(planned);
}
