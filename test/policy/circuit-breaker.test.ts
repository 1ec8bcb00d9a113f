import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { ConfigError, ProviderUnavailableError } from "../../src/errors.js";
import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
  type Permit,
} from "../../src/policy/circuit-breaker.js";
import { FakeClock } from "../../src/testing/fake-clock.js";
import { checkAgainstModel, settings, type CreateSubject, type Subject } from "./breaker-model.js";

function setUp(options: Partial<CircuitBreakerOptions> = {}) {
  const clock = new FakeClock();
  const breaker = new CircuitBreaker({ provider: "p", clock, ...options });
  const fail = (times = 1): void => {
    for (let count = 0; count < times; count += 1) breaker.acquire().failure();
  };
  return { breaker, clock, fail };
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

const refused = new ProviderUnavailableError("p", "circuit breaker open");

describe("POL-19: CircuitBreaker", () => {
  it("opens after five failures without a success, and refuses", () => {
    const { breaker, fail } = setUp();
    fail(4);
    breaker.acquire().success();
    fail(4);
    expect(breaker.state).toBe("closed");
    fail();
    expect(breaker.state).toBe("open");
    expect(() => breaker.acquire()).toThrow(refused);
    expect(refused.message).toBe("Provider 'p' unavailable: circuit breaker open");
  });

  it("lets two trial calls through after 30 seconds, and closes with the first success", () => {
    const { breaker, clock, fail } = setUp();
    fail(5);
    clock.advance(29_999);
    expect(breaker.state).toBe("open");
    clock.advance(1);
    expect(breaker.state).toBe("half_open");
    const [first] = [breaker.acquire(), breaker.acquire()];
    expect(breaker.trialCalls).toBe(2);
    expect(() => breaker.acquire()).toThrow(refused);
    first.success();
    expect([breaker.state, breaker.failureCount, breaker.trialCalls]).toEqual(["closed", 0, 0]);
  });

  it("opens again with a failed trial call, and keeps the count of failures", () => {
    const { breaker, clock, fail } = setUp();
    fail(5);
    clock.advance(30_000);
    fail();
    expect([breaker.state, breaker.failureCount]).toEqual(["open", 6]);
    clock.advance(30_000);
    expect(breaker.state).toBe("half_open");
  });

  it("does not count the answers of calls from before the circuit opened", () => {
    const { breaker, clock, fail } = setUp();
    const [early, late] = [breaker.acquire(), breaker.acquire()];
    fail(5);
    early.success();
    expect(breaker.state).toBe("open");
    clock.advance(20_000);
    late.failure();
    clock.advance(10_000);
    expect([breaker.state, breaker.failureCount]).toEqual(["half_open", 5]);
  });

  it("frees the slot of a trial call that is abandoned, and of one that never ends", () => {
    const { breaker, clock, fail } = setUp({ halfOpenMaxCalls: 1, leaseMs: 1000 });
    fail(5);
    clock.advance(30_000);
    breaker.acquire().abandon();
    breaker.acquire();
    clock.advance(999);
    expect(() => breaker.acquire()).toThrow(refused);
    clock.advance(1);
    breaker.acquire();
    expect(breaker.state).toBe("half_open");
  });

  it("waits as long for a trial call as for the recovery, unless told otherwise", () => {
    const { breaker, clock, fail } = setUp({ recoveryTimeoutMs: 500, halfOpenMaxCalls: 1 });
    fail(5);
    clock.advance(500);
    breaker.acquire();
    clock.advance(499);
    expect(() => breaker.acquire()).toThrow(refused);
    clock.advance(1);
    expect(() => breaker.acquire()).not.toThrow();
  });

  it("takes the answer of a slow trial call, so that a slow provider is not shut out for ever", () => {
    const { breaker, clock, fail } = setUp();
    fail(5);
    clock.advance(30_000);
    const slow = breaker.acquire();
    clock.advance(300_000);
    slow.success();
    expect(breaker.state).toBe("closed");
  });

  it("takes the first answer of a permit only", () => {
    const { breaker } = setUp({ failureThreshold: 2 });
    const permit = breaker.acquire();
    permit.failure();
    permit.failure();
    permit.success();
    expect(breaker.failureCount).toBe(1);
    const abandoned = breaker.acquire();
    abandoned.abandon();
    abandoned.failure();
    expect(breaker.state).toBe("closed");
  });

  it("does not look at the system time", () => {
    const { breaker, clock, fail } = setUp();
    fail(5);
    clock.set("2030-01-01T00:00:00Z");
    expect(breaker.state).toBe("open");
    clock.set("2020-01-01T00:00:00Z");
    clock.advance(30_000);
    expect(breaker.state).toBe("half_open");
  });

  it("tells of each change, and survives an observer that throws", () => {
    const seen: [string, CircuitState][] = [];
    const { breaker, clock, fail } = setUp({
      onStateChange: (...change) => {
        seen.push(change);
        throw new Error("observer");
      },
    });
    fail(5);
    clock.advance(30_000);
    fail();
    clock.advance(30_000);
    breaker.acquire().success();
    expect(seen).toEqual([
      ["p", "open"],
      ["p", "half_open"],
      ["p", "open"],
      ["p", "half_open"],
      ["p", "closed"],
    ]);
  });

  it("closes when it is reset, and forgets the calls in flight", () => {
    const onStateChange = vi.fn<(provider: string, state: CircuitState) => void>();
    const { breaker, fail } = setUp({ failureThreshold: 2, onStateChange });
    const before = breaker.acquire();
    fail(2);
    breaker.reset();
    expect([breaker.state, breaker.failureCount]).toEqual(["closed", 0]);
    before.failure();
    const pending = breaker.acquire();
    breaker.reset();
    pending.failure();
    expect(breaker.failureCount).toBe(0);
    expect(onStateChange.mock.calls).toEqual([
      ["p", "open"],
      ["p", "closed"],
    ]);
  });

  it("shares nothing with the breaker of another provider", () => {
    const { breaker: bad, fail } = setUp();
    const { breaker: good } = setUp();
    fail(5);
    expect([bad.state, good.state]).toEqual(["open", "closed"]);
  });

  it("holds no more trial calls than there are slots, however many are asked for and lost", () => {
    const { breaker, clock, fail } = setUp({ halfOpenMaxCalls: 3, leaseMs: 1 });
    fail(5);
    clock.advance(30_000);
    for (let round = 0; round < 1000; round += 1) {
      for (let slot = 0; slot < 3; slot += 1) breaker.acquire();
      expect(breaker.trialCalls).toBe(3);
      clock.advance(1);
    }
  });

  it.each<[keyof CircuitBreakerOptions, number[], string]>([
    ["failureThreshold", [0, -1, 1.5, NaN, Infinity], "a whole number from 1"],
    ["halfOpenMaxCalls", [0, -1, 1.5, NaN, Infinity], "a whole number from 1"],
    ["recoveryTimeoutMs", [0, -1, NaN, Infinity], "a finite number of milliseconds above 0"],
    ["leaseMs", [0, -1, NaN, Infinity], "a finite number of milliseconds above 0"],
  ])("refuses a %s that can never work", (name, values, allowed) => {
    for (const value of values) {
      expect(() => setUp({ [name]: value })).toThrow(
        new ConfigError(`circuit breaker: ${name} must be ${allowed}, got ${value}`),
      );
    }
  });

  it("constructs or throws a ConfigError for any numbers", () => {
    const numbers = fc.oneof(fc.double(), fc.integer());
    fc.assert(
      fc.property(numbers, numbers, numbers, (failureThreshold, recoveryTimeoutMs, leaseMs) => {
        const error = thrownBy(() =>
          setUp({ failureThreshold, recoveryTimeoutMs, leaseMs }).breaker.acquire(),
        );
        expect(error === undefined || error instanceof ConfigError).toBe(true);
      }),
    );
  });
});

/** An algorithm that hears whoever reports, however late; without a lease, a slot comes back only with a report. */
class CredulousBreaker implements Subject {
  readonly #clock: { monotonic(): number };
  readonly #leaseMs: number;
  #state: CircuitState = "closed";
  #failures = 0;
  #trialsAtMs: number[] = [];
  #failedAtMs = 0;

  constructor(clock: { monotonic(): number }, leaseMs = Infinity) {
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  get state(): CircuitState {
    const elapsedMs = this.#clock.monotonic() - this.#failedAtMs;
    if (this.#state === "open" && elapsedMs >= settings.recoveryTimeoutMs) {
      this.#state = "half_open";
      this.#trialsAtMs = [];
    }
    return this.#state;
  }

  acquire(): Permit {
    const { state } = this;
    const nowMs = this.#clock.monotonic();
    this.#trialsAtMs = this.#trialsAtMs.filter((atMs) => nowMs - atMs < this.#leaseMs);
    const isFull = state === "half_open" && this.#trialsAtMs.length >= settings.halfOpenMaxCalls;
    if (state === "open" || isFull) throw new ProviderUnavailableError("p");
    this.#trialsAtMs.push(nowMs);
    return {
      success: () => {
        this.#state = "closed";
        this.#failures = 0;
      },
      failure: () => {
        this.#failures += 1;
        this.#failedAtMs = this.#clock.monotonic();
        const opens = this.#state === "half_open" || this.#failures >= settings.failureThreshold;
        if (opens) this.#state = "open";
      },
      abandon: () => this.#trialsAtMs.pop(),
    };
  }
}

const create: CreateSubject = (clock) => new CircuitBreaker({ provider: "p", clock, ...settings });

describe("POL-19: CircuitBreaker in random sequences", () => {
  it("does what the model does, in all states and over all edges", () => {
    const visits = checkAgainstModel(create, 50_000);
    const expected = [
      "closed",
      "open",
      "half_open",
      "closed to closed",
      "closed to open",
      "open to half_open",
      "half_open to half_open",
      "half_open to open",
      "half_open to closed",
    ];
    expect([...visits.keys()].toSorted()).toEqual(expected.toSorted());
    for (const [visited, times] of visits) {
      expect([visited, times >= 1000]).toEqual([visited, true]);
    }
  }, 20_000);

  it.each<[string, CreateSubject]>([
    ["every report counts and no slot is freed", (clock) => new CredulousBreaker(clock)],
    ["late reports count", (clock) => new CredulousBreaker(clock, settings.leaseMs)],
    [
      "a trial call keeps its slot for ever",
      (clock) => new CircuitBreaker({ provider: "p", clock, ...settings, leaseMs: 1e9 }),
    ],
    [
      "the lease ends early",
      (clock) => new CircuitBreaker({ provider: "p", clock, ...settings, leaseMs: 60 }),
    ],
    [
      "one trial call too many passes",
      (clock) => new CircuitBreaker({ provider: "p", clock, ...settings, halfOpenMaxCalls: 3 }),
    ],
  ])("notices when %s", (_fault, createBroken) => {
    expect(() => checkAgainstModel(createBroken, 50_000)).toThrow(/Property failed/);
  });
});
