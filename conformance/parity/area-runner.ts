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
