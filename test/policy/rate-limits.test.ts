import { describe, expect, it } from "vitest";
import { ConfigError, RateLimitedError } from "../../src/errors.js";
import { RateLimits, type LimitedOperation } from "../../src/policy/rate-limits.js";
import { FakeClock } from "../../src/testing/fake-clock.js";

function isAdmitted(limits: RateLimits, bankId: string, operation: LimitedOperation): boolean {
  try {
    limits.take(bankId, operation);
    return true;
  } catch (error) {
    const isOurs =
      error instanceof RateLimitedError && error.bankId === bankId && error.operation === operation;
    if (!isOurs) throw error;
    return false;
  }
}

/** Calls that are admitted in a row, at most 100. */
function admitted(limits: RateLimits, bankId: string, operation: LimitedOperation): number {
  let calls = 0;
  while (calls < 100 && isAdmitted(limits, bankId, operation)) calls += 1;
  return calls;
}

describe("RateLimits", () => {
  it("limits each operation by itself", () => {
    const limits = new RateLimits({
      retainPerMinute: 2,
      recallPerMinute: 3,
      clock: new FakeClock(),
    });
    expect(admitted(limits, "a", "retain")).toBe(2);
    expect(admitted(limits, "b", "retain")).toBe(2);
    expect(admitted(limits, "a", "recall")).toBe(3);
    expect(admitted(limits, "a", "reflect")).toBe(100);
  });

  it.each([undefined, null, 0])("POL-3: takes %s as no limit", (limit) => {
    const limits = new RateLimits({
      retainPerMinute: limit,
      globalPerMinute: limit,
      clock: new FakeClock(),
    });
    expect(admitted(limits, "a", "retain")).toBe(100);
  });

  it("shares the global limit among all, and names the caller", () => {
    const limits = new RateLimits({ globalPerMinute: 3, clock: new FakeClock() });
    limits.take("a", "retain");
    limits.take("b", "recall");
    expect(admitted(limits, "c", "reflect")).toBe(1);
    expect(() => limits.take("a", "retain")).toThrow(
      "Rate limited: retain on bank 'a' (retry after 20.0s)",
    );
  });

  it("gives the operation's token back when the global limit refuses", () => {
    const clock = new FakeClock();
    const limits = new RateLimits({ retainPerMinute: 1, globalPerMinute: 2, clock });
    limits.take("x", "recall");
    limits.take("x", "recall");
    for (let call = 0; call < 5; call += 1) {
      expect(() => limits.take("a", "retain")).toThrow(/retry after 30.0s/);
    }
    clock.advance(30_000);
    limits.take("a", "retain");
  });

  it("does not touch the global limit when the operation's refuses", () => {
    const limits = new RateLimits({
      retainPerMinute: 1,
      globalPerMinute: 2,
      clock: new FakeClock(),
    });
    expect(admitted(limits, "a", "retain")).toBe(1);
    expect(admitted(limits, "a", "recall")).toBe(1);
  });

  it.each(["retainPerMinute", "recallPerMinute", "reflectPerMinute", "globalPerMinute"])(
    "names %s when it is impossible",
    (setting) => {
      const create = () => new RateLimits({ [setting]: -1, clock: new FakeClock() });
      expect(create).toThrow(ConfigError);
      expect(create).toThrow(new RegExp(`^${setting}: expected a whole number`));
    },
  );
});
