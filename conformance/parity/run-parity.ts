import { Corrected, NotMapped, Projection, type AreaRunner } from "./area-runner.js";
import { findDifference } from "./find-difference.js";
import type { KnownDifference } from "./known-differences.js";
import type { AreaFile, ParityCase } from "./parity-case.js";

/** `corrected` agrees with the hardened expectation instead of the recorded one; a `known difference` is only excused. */
export type CaseStatus = "passed" | "failed" | "corrected" | "known difference" | "not mapped";

export interface CaseResult {
  readonly area: string;
  readonly id: string;
  readonly status: CaseStatus;
  /** The difference, the reason why it is known, or why there is no counterpart. */
  readonly detail?: string | undefined;
  /** A row of the table of known differences that no longer differs. */
  readonly stale?: boolean | undefined;
}

/** Why a difference need not be reproduced, or undefined. */
function excuseOf(parityCase: ParityCase, known: KnownDifference | undefined): string | undefined {
  if (known !== undefined) return `${known.register}: ${known.reason}`;
  const { reference_bug: isBug, bug_note: note, depends_on_bug: depends } = parityCase;
  if (isBug) return `reference_bug: ${note ?? "flagged"}`;
  return depends === undefined ? undefined : `depends_on_bug: ${depends.join(", ")}`;
}

async function runCase(
  area: string,
  parityCase: ParityCase,
  runner: AreaRunner | undefined,
  known: KnownDifference | undefined,
  scope: Readonly<Record<string, string>>,
): Promise<Pick<CaseResult, "status" | "detail" | "stale">> {
  if (runner === undefined) {
    const reason = Object.hasOwn(scope, area) ? scope[area] : undefined;
    return reason === undefined
      ? { status: "failed", detail: `the area "${area}" is neither mapped nor outside the scope` }
      : { status: "not mapped", detail: reason };
  }
  let outcome: unknown;
  try {
    outcome = await runner.run(parityCase);
  } catch (error) {
    return { status: "failed", detail: `the runner threw ${String(error)}` };
  }
  if (outcome instanceof NotMapped) return { status: "not mapped", detail: outcome.reason };
  if (outcome instanceof Corrected) {
    const difference = findDifference(outcome.actual, outcome.expected);
    return difference === undefined
      ? { status: "corrected", detail: outcome.reason }
      : { status: "failed", detail: `${outcome.reason}: ${difference}` };
  }
  const { actual, expected } =
    outcome instanceof Projection ? outcome : { actual: outcome, expected: parityCase.expected };
  const difference = findDifference(actual, expected);
  if (difference === undefined) return { status: "passed", stale: known !== undefined };
  if (known !== undefined) {
    const further = findDifference(actual, expected, known.at);
    if (further !== undefined) return { status: "failed", detail: `beyond the known: ${further}` };
  }
  const excuse = excuseOf(parityCase, known);
  return excuse === undefined
    ? { status: "failed", detail: difference }
    : { status: "known difference", detail: excuse };
}

/**
 * Replays area files with the runners that exist; every case gives exactly one result.
 *
 * @param scope - Areas without a runner and why; any other area without one fails.
 */
export async function runParity(
  files: readonly AreaFile[],
  runners: readonly AreaRunner[],
  knownDifferences: Readonly<Record<string, KnownDifference>>,
  scope: Readonly<Record<string, string>>,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const { area, cases } of files) {
    const runner = runners.find((candidate) => candidate.area === area);
    for (const parityCase of cases) {
      const { id } = parityCase;
      const known = Object.hasOwn(knownDifferences, id) ? knownDifferences[id] : undefined;
      results.push({ area, id, ...(await runCase(area, parityCase, runner, known, scope)) });
    }
  }
  return results;
}
