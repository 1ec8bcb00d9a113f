import type { Clock } from "../clock.js";
import { ConfigError, ProviderUnavailableError } from "../errors.js";

export type CircuitState = "closed" | "open" | "half_open";

export interface CircuitBreakerOptions {
  /** How errors name what the circuit protects. */
  readonly provider: string;
  /** Only its monotonic time is asked; a correction of the system time changes nothing. */
  readonly clock: Clock;
  /** Failures in a row that open the circuit, at least 1. @defaultValue 5 */
  readonly failureThreshold?: number | undefined;
  /** How long the circuit stays open before trial calls are let through; more than 0. @defaultValue 30000 */
  readonly recoveryTimeoutMs?: number | undefined;
  /** Trial calls in flight at a time, at least 1. @defaultValue 2 */
  readonly halfOpenMaxCalls?: number | undefined;
  /** How long a trial call may stay unanswered before its slot is free again; more than 0. @defaultValue `recoveryTimeoutMs` */
  readonly leaseMs?: number | undefined;
  /** Called after each change, with the new state. What it throws is dropped, so that an observer cannot fail the call it observes. */
  readonly onStateChange?: ((provider: string, state: CircuitState) => void) | undefined;
}

/** Leave for one call. The first of the three answers counts, later ones do nothing. */
export interface Permit {
  success(): void;
  failure(): void;
  /** The call says nothing about the provider: the caller aborted it, or made a mistake. */
  abandon(): void;
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new ConfigError(`circuit breaker: ${name} must be a whole number from 1, got ${value}`);
}

function duration(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ConfigError(
    `circuit breaker: ${name} must be a finite number of milliseconds above 0, got ${value}`,
  );
}

/**
 * Keeps calls away from a provider that fails.
 *
 * Closed, every call passes, and `failureThreshold` failures without a success between them open the circuit. Open, none
 * passes until `recoveryTimeoutMs` after the failure that opened it. Then, half open, some trial calls pass: one success
 * closes the circuit, one failure opens it again.
 *
 * An answer counts only in the period in which its call began: one that outlives a change of state changes nothing. A trial
 * call that is never answered gives up its slot after `leaseMs`, so that the circuit cannot stay half open for ever.
 */
export class CircuitBreaker {
  readonly provider: string;
  readonly #clock: Clock;
  readonly #failureThreshold: number;
  readonly #recoveryTimeoutMs: number;
  readonly #halfOpenMaxCalls: number;
  readonly #leaseMs: number;
  readonly #onStateChange: ((provider: string, state: CircuitState) => void) | undefined;
  #state: CircuitState = "closed";
  #failureCount = 0;
  #openedAtMs = 0;
  /** Counts the changes of state; a permit of another period is stale. */
  #period = 0;
  /** When the slots of the trial calls become free, by call; never more than `halfOpenMaxCalls`. */
  readonly #trials = new Map<Permit, number>();

  /** @throws ConfigError for a number that is out of range. */
  constructor({
    provider,
    clock,
    failureThreshold = 5,
    recoveryTimeoutMs = 30_000,
    halfOpenMaxCalls = 2,
    leaseMs = recoveryTimeoutMs,
    onStateChange,
  }: CircuitBreakerOptions) {
    this.provider = provider;
    this.#clock = clock;
    this.#failureThreshold = wholeNumber("failureThreshold", failureThreshold);
    this.#recoveryTimeoutMs = duration("recoveryTimeoutMs", recoveryTimeoutMs);
    this.#halfOpenMaxCalls = wholeNumber("halfOpenMaxCalls", halfOpenMaxCalls);
    this.#leaseMs = duration("leaseMs", leaseMs);
    this.#onStateChange = onStateChange;
  }

  /** The state now; an open circuit whose time is over has become half open. */
  get state(): CircuitState {
    if (
      this.#state === "open" &&
      this.#clock.monotonic() - this.#openedAtMs >= this.#recoveryTimeoutMs
    ) {
      this.#change("half_open");
    }
    return this.#state;
  }

  /** Failures since the last success. */
  get failureCount(): number {
    return this.#failureCount;
  }

  /** Trial calls that hold a slot now. */
  get trialCalls(): number {
    this.#freeOverdue();
    return this.#trials.size;
  }

  /**
   * Asks for leave for one call, which must be answered through the permit.
   *
   * @throws ProviderUnavailableError while the circuit is open, and when all trial calls are taken.
   */
  acquire(): Permit {
    const { state } = this;
    const isFull = state === "half_open" && this.trialCalls >= this.#halfOpenMaxCalls;
    if (state === "open" || isFull) {
      throw new ProviderUnavailableError(this.provider, "circuit breaker open");
    }
    const permit = this.#createPermit(this.#period);
    if (state === "half_open") {
      this.#trials.set(permit, this.#clock.monotonic() + this.#leaseMs);
    }
    return permit;
  }

  /** Closes the circuit and forgets all failures; calls in flight no longer count. */
  reset(): void {
    this.#failureCount = 0;
    if (this.#state === "closed") this.#period += 1;
    else this.#change("closed");
  }

  #createPermit(period: number): Permit {
    let isAnswered = false;
    const answer = (count: () => void) => (): void => {
      if (isAnswered) return;
      isAnswered = true;
      this.#trials.delete(permit);
      if (period === this.#period) count();
    };
    const permit: Permit = {
      success: answer(() => this.#succeed()),
      failure: answer(() => this.#fail()),
      abandon: answer(() => {}),
    };
    return permit;
  }

  #succeed(): void {
    this.#failureCount = 0;
    if (this.#state === "half_open") this.#change("closed");
  }

  #fail(): void {
    this.#failureCount += 1;
    // Only a success resets the count, so in a half-open circuit any failure is one too many.
    if (this.#failureCount >= this.#failureThreshold) {
      this.#openedAtMs = this.#clock.monotonic();
      this.#change("open");
    }
  }

  #freeOverdue(): void {
    const nowMs = this.#clock.monotonic();
    for (const [permit, freeAtMs] of this.#trials) {
      if (nowMs >= freeAtMs) this.#trials.delete(permit);
    }
  }

  #change(to: CircuitState): void {
    this.#state = to;
    this.#period += 1;
    this.#trials.clear();
    try {
      this.#onStateChange?.(this.provider, to);
    } catch {
      // The observer's fault is not the caller's.
    }
  }
}
