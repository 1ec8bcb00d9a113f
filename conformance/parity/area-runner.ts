import type { ParityCase } from "./parity-case.js";

/** Says that no counterpart of a case exists here. */
export class NotMapped {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Both sides of a case where only a part of what was recorded can be compared. */
export class Projection {
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(actual: unknown, expected: unknown) {
    this.actual = actual;
    this.expected = expected;
  }
}

/**
 * Both sides of a case in which the library means to differ from what was recorded. The expectation is worked out apart from
 * the code under test, and the case is counted apart.
 */
export class Corrected {
  readonly actual: unknown;
  readonly expected: unknown;
  /** The register id or the statement that rules, and what it asks for. */
  readonly reason: string;

  constructor(actual: unknown, expected: unknown, reason: string) {
    this.actual = actual;
    this.expected = expected;
    this.reason = reason;
  }
}

/** Replays the cases of one area. */
export interface AreaRunner {
  readonly area: string;
  /**
   * What this library gives for the case, in the form of `expected`; failed calls in the form of {@link outcomeOf}. An error
   * that is thrown counts as a failure.
   */
  readonly run: (parityCase: ParityCase) => unknown;
}

/** `{ result }` or `{ error }` of a call, as the recorded outcomes are. */
export async function outcomeOf(
  call: () => unknown,
): Promise<{ result: unknown } | { error: unknown }> {
  try {
    return { result: await call() };
  } catch (error) {
    return { error };
  }
}
