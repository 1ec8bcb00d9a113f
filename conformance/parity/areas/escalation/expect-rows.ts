import { recordedProvider, type BreakerRow, type BreakerScript } from "./breaker-script.js";

const refusal = `Provider '${recordedProvider}' unavailable: circuit breaker open`;

export interface ExpectedRows {
  readonly rows: BreakerRow[];
  /** Where the hardened rules differ from the reference in this script; empty when they do not. */
  readonly reasons: ReadonlySet<string>;
}

/**
 * What a script gives under the hardened rules: a late answer, which finds the circuit open, changes nothing, and a trial call
 * that stays unanswered for as long as the recovery takes no longer counts among the calls in flight.
 */
export function expectRows({ config, steps }: BreakerScript): ExpectedRows {
  const recoverySeconds = config.recovery_timeout_seconds;
  const rows: BreakerRow[] = [];
  const reasons = new Set<string>();
  let state = "closed";
  let failures = 0;
  let openedAt = 0;
  let trials: number[] = [];
  for (const { op, t } of steps) {
    if (state === "open" && t >= openedAt + recoverySeconds) {
      state = "half_open";
      trials = [];
    }
    const unanswered = trials.filter((startedAt) => t < startedAt + recoverySeconds);
    if (
      unanswered.length < trials.length &&
      op !== "success" &&
      op !== "failure" &&
      op !== "reset"
    ) {
      reasons.add("04 section 7: a trial call that is never answered gives up its slot");
    }
    trials = unanswered;
    let allowed: boolean | undefined;
    let isOpen: boolean | undefined;
    const admits = () =>
      state === "closed" || (state === "half_open" && trials.length < config.half_open_max_calls);
    if (op === "check") {
      allowed = admits();
      if (allowed && state === "half_open") trials.push(t);
    } else if (op === "is_open") {
      isOpen = !admits();
    } else if (op === "reset") {
      [state, failures, trials] = ["closed", 0, []];
    } else if (op !== "state" && state === "open") {
      reasons.add("B10: an answer that comes after the circuit opened changes nothing");
    } else if (op === "success") {
      [state, failures, trials] = ["closed", 0, []];
    } else if (op === "failure") {
      failures += 1;
      if (state === "half_open" || failures >= config.failure_threshold) {
        [state, openedAt, trials] = ["open", t, []];
      }
    }
    rows.push({
      state,
      failure_count: failures,
      half_open_calls: state === "open" ? undefined : trials.length,
      allowed,
      message: allowed === false ? refusal : undefined,
      is_open: isOpen,
    });
  }
  return { rows, reasons };
}
