export type GuidanceKind = "aggregate" | "multi_hop" | "inference" | "adversarial" | "temporal";

/** One piece of advice; `text` is English and one line, but for the phrases it quotes. */
export interface GuidanceLine {
  readonly kind: GuidanceKind;
  readonly text: string;
}

interface PlannedNeeds {
  readonly needsAggregateAnswer: boolean;
  readonly needsMultiHopSynthesis: boolean;
  readonly needsInference: boolean;
  readonly mayBeAdversarial: boolean;
}

const advice: Readonly<Record<Exclude<GuidanceKind, "temporal">, string>> = {
  aggregate:
    "The answer is a collection or a count: go through every memory, gather each distinct item once, and count only what a memory states.",
  multi_hop:
    "The answer may be spread over several memories: put together those that concern the same person, thing or event.",
  inference:
    "The answer may have to be inferred: say what the memories make likely or unlikely, and which of them suggest it.",
  adversarial:
    "The question may assume something untrue: check its premise against the memories, and when none supports it say so.",
};

function temporalAdvice(phrases: readonly string[]): string {
  const quoted = phrases.map((phrase) => `"${phrase}"`).join(", ");
  return `Temporal reasoning hints: ${quoted} is relative; work out the date it means from the date of the memory that says it, or from the reference date when the question says it.`;
}

/** Advice for each thing that a plan found, in a fixed order. */
export function planGuidance(needs: PlannedNeeds, phrases: readonly string[]): GuidanceLine[] {
  const found: [boolean, Exclude<GuidanceKind, "temporal">][] = [
    [needs.needsAggregateAnswer, "aggregate"],
    [needs.needsMultiHopSynthesis, "multi_hop"],
    [needs.needsInference, "inference"],
    [needs.mayBeAdversarial, "adversarial"],
  ];
  const lines: GuidanceLine[] = found
    .filter(([isNeeded]) => isNeeded)
    .map(([, kind]) => ({ kind, text: advice[kind] }));
  return phrases.length === 0
    ? lines
    : [...lines, { kind: "temporal", text: temporalAdvice(phrases) }];
}
