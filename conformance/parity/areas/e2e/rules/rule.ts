import type { ReplayedStep } from "../replay.js";
import type { Row, Scenario } from "../scenario.js";

/** What a step gave, and what is due. */
export interface RowPair {
  readonly actual: Row;
  readonly expected: Row;
}

export interface RuleContext {
  readonly scenario: Scenario;
  readonly steps: readonly ReplayedStep[];
  readonly replayed: ReplayedStep;
  readonly index: number;
}

/**
 * An intended difference from the reference in one step: what is due instead, worked out from the recording and the inputs, or
 * undefined where the rule does not apply. `reason` is absent when both sides only leave something out.
 */
export type Rule = (
  context: RuleContext,
  pair: RowPair,
) => (RowPair & { readonly reason?: string | undefined }) | undefined;
