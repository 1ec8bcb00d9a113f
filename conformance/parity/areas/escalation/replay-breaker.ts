import { ProviderUnavailableError } from "astrocyte";
import { CircuitBreaker, type Permit } from "astrocyte/policy";
import {
  recordedProvider,
  type BreakerRow,
  type BreakerScript,
  type BreakerStep,
} from "./breaker-script.js";

/** Gives each recorded answer a permit: the newest of this period, else a new one, else one from before the circuit opened. */
class Permits {
  readonly #breaker: CircuitBreaker;
  #current: Permit[] = [];
  readonly #earlier: Permit[] = [];
  #state: string;

  constructor(breaker: CircuitBreaker) {
    this.#breaker = breaker;
    this.#state = breaker.state;
  }

  /** To be told before and after each step. */
  observe(): void {
    const { state } = this.#breaker;
    if (state !== this.#state) {
      this.#current = [];
      this.#state = state;
    }
    if (state === "closed") this.#earlier.push(this.#breaker.acquire());
  }

  /** After a reset the calls in flight no longer count. */
  forget(): void {
    this.#current = [];
  }

  /** @returns the message of a refusal. */
  take(): string | undefined {
    try {
      this.#current.push(this.#breaker.acquire());
      return undefined;
    } catch (error) {
      if (error instanceof ProviderUnavailableError) return error.message;
      throw error;
    }
  }

  forAnswer(): Permit | undefined {
    if (this.#current.length === 0) this.take();
    return this.#current.pop() ?? this.#earlier.pop();
  }
}

function apply(
  breaker: CircuitBreaker,
  permits: Permits,
  op: BreakerStep["op"],
  maxTrials: number,
): Pick<BreakerRow, "allowed" | "message" | "is_open"> {
  if (op === "check") {
    const message = permits.take();
    return { allowed: message === undefined, message };
  }
  if (op === "is_open") {
    const { state, trialCalls } = breaker;
    return { is_open: state === "open" || (state === "half_open" && trialCalls >= maxTrials) };
  }
  if (op === "success") permits.forAnswer()?.success();
  if (op === "failure") permits.forAnswer()?.failure();
  if (op === "reset") {
    breaker.reset();
    permits.forget();
  }
  return {};
}

export function replayBreaker({ config, steps }: BreakerScript): BreakerRow[] {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const breaker = new CircuitBreaker({
    provider: recordedProvider,
    clock,
    failureThreshold: config.failure_threshold,
    halfOpenMaxCalls: config.half_open_max_calls,
    recoveryTimeoutMs: config.recovery_timeout_seconds * 1000,
  });
  const permits = new Permits(breaker);
  return steps.map(({ op, t }) => {
    nowMs = Math.round(t * 1000);
    permits.observe();
    const seen = apply(breaker, permits, op, config.half_open_max_calls);
    permits.observe();
    const { state, failureCount, trialCalls } = breaker;
    return {
      ...seen,
      state,
      failure_count: failureCount,
      half_open_calls: state === "open" ? undefined : trialCalls,
    };
  });
}
