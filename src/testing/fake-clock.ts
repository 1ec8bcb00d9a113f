import type { Clock } from "../clock.js";

/** A clock that stands still until it is moved. Wall and monotonic time advance together; `set` jumps the wall only. */
export class FakeClock implements Clock {
  #nowMs: number;
  #monotonicMs = 0;

  /** @param start - The first instant; a `Date`, milliseconds since the epoch, or ISO 8601 text. */
  constructor(start: Date | number | string = "2026-01-01T00:00:00Z") {
    this.#nowMs = new Date(start).getTime();
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  /** Moves both clocks forward by `ms` milliseconds. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
  }

  /** Jumps the wall clock, forward or back, as a correction of the system time would. */
  set(instant: Date | number | string): void {
    this.#nowMs = new Date(instant).getTime();
  }
}
