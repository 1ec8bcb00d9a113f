import type { Clock } from "../clock.js";
import { RateLimitedError } from "../errors.js";
import { pairKey } from "../internal/pair-key.js";
import { assertWholeNumber } from "../internal/whole-number.js";

const dayMs = 86_400_000;

/** A place in a quota that is held for a call in progress. */
export interface QuotaReservation {
  /** Gives the place back when the call failed; a second time, and on a later day, it does nothing. */
  release(): void;
}

export interface QuotaTrackerOptions {
  readonly clock: Clock;
  /** Most pairs of bank and operation that are counted apart on one day. @defaultValue 10_000 */
  readonly maxKeys?: number;
}

interface Counter {
  count: number;
}

/** A limit of undefined is no limit; 0 and less admit nothing. */
function isBelow({ count }: Counter, limit: number | undefined): boolean {
  return limit === undefined || count < limit;
}

/**
 * Counts the calls of a UTC day. A place is reserved before the call and given back when it fails, so that concurrent
 * calls cannot overshoot and only successes count.
 *
 * The day is the latest the wall clock has ever shown: setting it back gives nobody a fresh quota. Within a day no
 * counter is dropped; pairs beyond `maxKeys` share one, which can only refuse too early.
 */
export class QuotaTracker {
  readonly #clock: Clock;
  readonly #maxKeys: number;
  #day = Number.NEGATIVE_INFINITY;
  #counters = new Map<string, Counter>();
  #shared: Counter = { count: 0 };

  /** @throws ConfigError when `maxKeys` is not a whole number of at least 1. */
  constructor({ clock, maxKeys = 10_000 }: QuotaTrackerOptions) {
    assertWholeNumber("maxKeys", maxKeys, 1);
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  /** Counters that are kept at the moment, at most `maxKeys`. */
  get size(): number {
    return this.#counters.size;
  }

  /** Calls of today, those in progress included. */
  count(bankId: string, operation: string): number {
    return this.#existing(bankId, operation).count;
  }

  /** What {@link tryReserve} would say now; reserves nothing. */
  check(bankId: string, operation: string, limit: number | undefined): boolean {
    return isBelow(this.#existing(bankId, operation), limit);
  }

  /** Counts a call that was let through without asking. */
  record(bankId: string, operation: string): void {
    this.#ownOrShared(bankId, operation).count += 1;
  }

  /** Reserves a place, or undefined when the limit is reached. */
  tryReserve(
    bankId: string,
    operation: string,
    limit: number | undefined,
  ): QuotaReservation | undefined {
    if (!this.check(bankId, operation, limit)) return undefined;
    const counter = this.#ownOrShared(bankId, operation);
    counter.count += 1;
    let isHeld = true;
    return {
      release: () => {
        // A new day has new counters, so an old reservation cannot reach them.
        if (isHeld) counter.count -= 1;
        isHeld = false;
      },
    };
  }

  /** @throws RateLimitedError, without a time to retry after, when the limit is reached. */
  reserve(bankId: string, operation: string, limit: number | undefined): QuotaReservation {
    const reservation = this.tryReserve(bankId, operation, limit);
    if (reservation === undefined) throw new RateLimitedError(bankId, operation);
    return reservation;
  }

  #startDay(): void {
    const day = Math.floor(this.#clock.now() / dayMs);
    if (!(day > this.#day)) return;
    this.#day = day;
    this.#counters = new Map();
    this.#shared = { count: 0 };
  }

  #existing(bankId: string, operation: string): Counter {
    this.#startDay();
    const own = this.#counters.get(pairKey(bankId, operation));
    if (own !== undefined) return own;
    return this.#counters.size < this.#maxKeys ? { count: 0 } : this.#shared;
  }

  #ownOrShared(bankId: string, operation: string): Counter {
    const counter = this.#existing(bankId, operation);
    if (this.#counters.size < this.#maxKeys) {
      this.#counters.set(pairKey(bankId, operation), counter);
    }
    return counter;
  }
}
