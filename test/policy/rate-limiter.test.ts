import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/clock.js";
import { ConfigError, RateLimitedError } from "../../src/errors.js";
import { RateLimiter, type RateDecision } from "../../src/policy/rate-limiter.js";
import { FakeClock } from "../../src/testing/fake-clock.js";

interface Subject {
  tryTake(bankId: string, operation: string): RateDecision;
}

/** Keeps the newest buckets and forgets the rest, whatever they owe. */
class ForgetfulLimiter implements Subject {
  readonly #limiters = new Map<string, RateLimiter>();
  readonly #create: () => RateLimiter;
  readonly #maxBuckets: number;

  constructor(maxPerMinute: number, clock: Clock, maxBuckets: number) {
    this.#create = () => new RateLimiter({ maxPerMinute, clock });
    this.#maxBuckets = maxBuckets;
  }

  tryTake(bankId: string, operation: string): RateDecision {
    const limiter = this.#limiters.get(bankId) ?? this.#create();
    this.#limiters.set(bankId, limiter);
    const [oldest = ""] = this.#limiters.keys();
    if (this.#limiters.size > this.#maxBuckets) this.#limiters.delete(oldest);
    return limiter.tryTake(bankId, operation);
  }
}

const actions = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ bank: fc.nat(5), waitMs: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ bank: fc.nat(5), waitMs: fc.nat(40_000) }) },
  ),
  { maxLength: 200, size: "max" },
);

/** In any window, a bank gets the burst and what came back meanwhile, and not one call more. */
function neverExceeds(create: (maxPerMinute: number, clock: Clock) => Subject): void {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), actions, (maxPerMinute, steps) => {
      const clock = new FakeClock();
      const limiter = create(maxPerMinute, clock);
      const admittedAtMs = new Map<number, number[]>();
      for (const { bank, waitMs } of steps) {
        clock.advance(waitMs);
        if (!limiter.tryTake(`bank-${bank}`, "retain").allowed) continue;
        const times = admittedAtMs.get(bank) ?? [];
        times.push(clock.monotonic());
        admittedAtMs.set(bank, times);
        const nowMs = clock.monotonic();
        const surplus = times.map(
          (since, index) => times.length - index - ((nowMs - since) * maxPerMinute) / 60_000,
        );
        expect(Math.max(...surplus)).toBeLessThanOrEqual(maxPerMinute);
      }
    }),
    { numRuns: 400 },
  );
}

describe("RateLimiter", () => {
  it("POL-2: admits a burst, refuses with the time to wait, and admits when that has passed", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ maxPerMinute: 3, clock });
    for (let call = 0; call < 3; call += 1) limiter.take("b", "retain");
    expect(limiter.tryTake("b", "retain")).toEqual({ allowed: false, retryAfterMs: 20_000 });
    clock.advance(19_999);
    expect(limiter.tryTake("b", "retain")).toEqual({ allowed: false, retryAfterMs: 1 });
    clock.advance(1);
    expect(limiter.tryTake("b", "retain")).toEqual({ allowed: true });
  });

  it("throws the contract's error", () => {
    const limiter = new RateLimiter({ maxPerMinute: 1, clock: new FakeClock() });
    limiter.take("b", "recall");
    expect(() => limiter.take("b", "recall")).toThrow(
      new RateLimitedError("b", "recall", 60_000).message,
    );
  });

  it("looks without taking, and charges without asking down to nothing", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ maxPerMinute: 2, clock });
    expect(limiter.peek("b", "retain")).toEqual({ allowed: true });
    for (let call = 0; call < 5; call += 1) limiter.charge("b", "retain");
    expect(limiter.peek("b", "retain")).toEqual({ allowed: false, retryAfterMs: 30_000 });
    limiter.giveBack("b", "retain");
    expect(limiter.peek("b", "retain")).toEqual({ allowed: true });
  });

  it("POL-4: keeps banks and operations apart, whatever their names contain", () => {
    const limiter = new RateLimiter({ maxPerMinute: 1, clock: new FakeClock() });
    limiter.take("a:x", "y");
    expect(limiter.tryTake("a", "x:y").allowed).toBe(true);
    expect(limiter.tryTake("a:x", "z").allowed).toBe(true);
    expect(limiter.tryTake("a:x", "y").allowed).toBe(false);
  });

  it("refuses everything at 0, without a time to wait for", () => {
    const limiter = new RateLimiter({ maxPerMinute: 0, clock: new FakeClock() });
    expect(limiter.tryTake("b", "retain")).toEqual({ allowed: false });
    expect(limiter.peek("b", "retain")).toEqual({ allowed: false });
    limiter.charge("b", "retain");
    expect(() => limiter.take("b", "retain")).toThrow("Rate limited: retain on bank 'b'");
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a limit of %s", (limit) => {
    const create = () => new RateLimiter({ maxPerMinute: limit, clock: new FakeClock() });
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(/^maxPerMinute: expected a whole number/);
  });

  it("takes no notice of the wall clock, and stands with a clock that stands", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ maxPerMinute: 1, clock });
    limiter.take("b", "retain");
    clock.set(clock.now() + 3_600_000);
    expect(limiter.tryTake("b", "retain").allowed).toBe(false);
    clock.set(0);
    expect(limiter.tryTake("b", "retain")).toEqual({ allowed: false, retryAfterMs: 60_000 });
  });

  it("never admits more than the burst and the refill, with more banks than buckets too", () => {
    neverExceeds((maxPerMinute, clock) => new RateLimiter({ maxPerMinute, clock }));
    neverExceeds((maxPerMinute, clock) => new RateLimiter({ maxPerMinute, clock, maxBuckets: 2 }));
  });

  it("would be caught dropping buckets that are in debt", () => {
    expect(() =>
      neverExceeds((maxPerMinute, clock) => new ForgetfulLimiter(maxPerMinute, clock, 2)),
    ).toThrow(/Property failed/);
  });

  it("loses no token either: a caller that always asks gets all but one of what came back", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ maxPerMinute: 7, clock });
    let admitted = 0;
    for (let step = 0; step < 100_000; step += 1) {
      clock.advance(13.7);
      if (limiter.tryTake("b", "retain").allowed) admitted += 1;
    }
    const due = 7 + (13.7 * 100_000 * 7) / 60_000;
    expect(admitted).toBeLessThanOrEqual(due);
    expect(admitted).toBeGreaterThanOrEqual(due - 1.01);
  });

  it("admits no more of 1,000 interleaved callers", async () => {
    const limiter = new RateLimiter({ maxPerMinute: 60, clock: new FakeClock() });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const bank = `bank-${(run += 1)}`;
        const calls = Array.from({ length: 1000 }, () =>
          scheduler.schedule(Promise.resolve()).then(() => limiter.tryTake(bank, "retain")),
        );
        await scheduler.waitIdle();
        const decisions = await Promise.all(calls);
        expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(60);
      }),
      { numRuns: 3 },
    );
  });

  it("keeps a debt through 100,000 other banks, and no more buckets than its cap", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ maxPerMinute: 2, clock, maxBuckets: 1000 });
    limiter.charge("victim", "retain");
    limiter.charge("victim", "retain");
    for (let index = 0; index < 100_000; index += 1) limiter.tryTake(`bank-${index}`, "retain");
    expect(limiter.size).toBe(1000);
    expect(limiter.peek("victim", "retain")).toEqual({ allowed: false, retryAfterMs: 30_000 });
    expect(limiter.peek("newcomer", "retain").allowed).toBe(false);
  });

  it("takes a token back, but saves up no more than the burst", () => {
    const limiter = new RateLimiter({ maxPerMinute: 1, clock: new FakeClock() });
    limiter.take("b", "retain");
    limiter.giveBack("b", "retain");
    limiter.giveBack("b", "retain");
    limiter.take("b", "retain");
    expect(limiter.tryTake("b", "retain").allowed).toBe(false);
  });

  it("makes room when a token that comes back fills a bucket", () => {
    const limiter = new RateLimiter({ maxPerMinute: 2, clock: new FakeClock(), maxBuckets: 1 });
    limiter.take("a", "retain");
    limiter.take("shares", "retain");
    limiter.giveBack("a", "retain");
    limiter.take("gets a's place", "retain");
    limiter.take("shares too", "retain");
    expect(limiter.tryTake("shares too", "retain").allowed).toBe(false);
  });

  it("makes room by dropping full buckets", () => {
    const clock = new FakeClock();
    const limiter = new RateLimiter({ maxPerMinute: 1, clock, maxBuckets: 2 });
    limiter.take("a", "retain");
    limiter.take("b", "retain");
    limiter.take("c", "retain");
    expect(limiter.tryTake("d", "retain").allowed).toBe(false);
    clock.advance(60_000);
    limiter.take("d", "retain");
    limiter.take("e", "retain");
    expect(limiter.size).toBe(2);
  });
});
