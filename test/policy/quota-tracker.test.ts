import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { QuotaTracker, type QuotaReservation } from "../../src/policy/quota-tracker.js";
import { FakeClock } from "../../src/testing/fake-clock.js";

const lastSecond = "2026-02-28T23:59:59Z";

describe("POL-5: QuotaTracker", () => {
  it("admits up to the limit and starts again at midnight UTC", () => {
    const clock = new FakeClock(lastSecond);
    const tracker = new QuotaTracker({ clock });
    tracker.reserve("b", "retain", 2);
    tracker.reserve("b", "retain", 2);
    expect(tracker.tryReserve("b", "retain", 2)).toBeUndefined();
    expect(() => tracker.reserve("b", "retain", 2)).toThrow(/^Rate limited: retain on bank 'b'$/);
    expect(tracker.check("b", "reflect", 1)).toBe(true);
    clock.advance(1000);
    expect(tracker.count("b", "retain")).toBe(0);
    expect(tracker.check("b", "retain", 2)).toBe(true);
  });

  it.each([0, -1, Number.NaN])("admits nothing at a limit of %s", (limit) => {
    const tracker = new QuotaTracker({ clock: new FakeClock() });
    expect(tracker.tryReserve("b", "retain", limit)).toBeUndefined();
    expect(tracker.count("b", "retain")).toBe(0);
  });

  it("counts without a limit too", () => {
    const tracker = new QuotaTracker({ clock: new FakeClock() });
    tracker.reserve("b", "retain", undefined);
    expect(tracker.check("b", "retain", 1)).toBe(false);
  });

  it("counts successes only: a released place is free again, once", () => {
    const tracker = new QuotaTracker({ clock: new FakeClock() });
    const failed = tracker.reserve("b", "retain", 3);
    tracker.reserve("b", "retain", 3);
    failed.release();
    failed.release();
    expect(tracker.count("b", "retain")).toBe(1);
  });

  it("leaves the new day alone when yesterday's call fails", () => {
    const clock = new FakeClock(lastSecond);
    const tracker = new QuotaTracker({ clock });
    const late = tracker.reserve("b", "retain", 1);
    clock.advance(1000);
    tracker.reserve("b", "retain", 1);
    late.release();
    expect(tracker.check("b", "retain", 1)).toBe(false);
  });

  it("gives no fresh quota when the wall clock goes back", () => {
    const clock = new FakeClock("2026-03-01T00:00:00Z");
    const tracker = new QuotaTracker({ clock });
    tracker.record("b", "retain");
    clock.set(lastSecond);
    expect(tracker.check("b", "retain", 1)).toBe(false);
    clock.set("2026-03-01T12:00:00Z");
    expect(tracker.check("b", "retain", 1)).toBe(false);
  });

  it("admits no more of 20 concurrent calls, where a check before the call would", async () => {
    const tracker = new QuotaTracker({ clock: new FakeClock() });
    const call = async (): Promise<boolean> => {
      const reservation = tracker.tryReserve("b", "retain", 3);
      await Promise.resolve();
      return reservation !== undefined;
    };
    const careless = async (): Promise<boolean> => {
      const isAdmitted = tracker.check("c", "retain", 3);
      await Promise.resolve();
      if (isAdmitted) tracker.record("c", "retain");
      return isAdmitted;
    };
    const admitted = await Promise.all(Array.from({ length: 20 }, call));
    expect(admitted.filter(Boolean)).toHaveLength(3);
    const overshot = await Promise.all(Array.from({ length: 20 }, careless));
    expect(overshot.filter(Boolean)).toHaveLength(20);
  });

  it("never holds more places than the limit, and never fewer than were not released", () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant("reserve" as const) },
      { weight: 2, arbitrary: fc.constant("release" as const) },
      { weight: 1, arbitrary: fc.constant("nextDay" as const) },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.tuple(step, fc.nat()), { size: "max", maxLength: 100 }),
        (limit, steps) => {
          const clock = new FakeClock();
          const tracker = new QuotaTracker({ clock });
          const reservations: { day: number; reservation: QuotaReservation }[] = [];
          let day = 0;
          const heldToday = () => reservations.filter((held) => held.day === day).length;
          for (const [action, choice] of steps) {
            if (action === "nextDay") {
              clock.advance(86_400_000);
              day += 1;
            } else if (action === "reserve") {
              const isFull = heldToday() === limit;
              const reservation = tracker.tryReserve("b", "retain", limit);
              if ((reservation === undefined) !== isFull) return false;
              if (reservation !== undefined) reservations.push({ day, reservation });
            } else if (reservations.length > 0) {
              const [held] = reservations.splice(choice % reservations.length, 1);
              held?.reservation.release();
            }
            if (tracker.count("b", "retain") !== heldToday()) return false;
          }
          return true;
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keeps no more counters than its cap, and resets none of them", () => {
    const clock = new FakeClock();
    const tracker = new QuotaTracker({ clock, maxKeys: 100 });
    tracker.record("victim", "retain");
    for (let index = 0; index < 1000; index += 1) tracker.record(`bank-${index}`, "retain");
    expect(tracker.size).toBe(100);
    expect(tracker.count("victim", "retain")).toBe(1);
    expect(tracker.check("newcomer", "retain", 901)).toBe(false);
    clock.advance(86_400_000);
    expect(tracker.check("newcomer", "retain", 1)).toBe(true);
    expect(tracker.size).toBe(0);
  });

  it("keeps names apart, and refuses an impossible cap", () => {
    const clock = new FakeClock();
    const tracker = new QuotaTracker({ clock });
    tracker.record("a:x", "y");
    expect(tracker.count("a", "x:y")).toBe(0);
    expect(() => new QuotaTracker({ clock, maxKeys: 0 })).toThrow(ConfigError);
  });
});
