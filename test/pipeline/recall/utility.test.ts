import { memoryUtility, UtilityTracker } from "astrocyte/pipeline";
import { FakeClock } from "astrocyte/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const use = (fields: object = {}) => ({
  lastRecalledSecondsAgo: 604_800,
  createdSecondsAgo: 604_800,
  recallCount: 1,
  averageRelevance: 0.5,
  ...fields,
});

describe("memoryUtility", () => {
  it("gives the recorded values", () => {
    const { composite, ...parts } = memoryUtility(use());
    expect(composite).toBeCloseTo(0.47020755, 8);
    expect(parts.recency).toBeCloseTo(0.500073596, 8);
    expect(parts.freshness).toBeCloseTo(0.840927357, 8);
  });

  it("is 0 with weights of 0, and for a half-life of 0 nothing is recent", () => {
    const none = { recencyWeight: 0, frequencyWeight: 0, relevanceWeight: 0, freshnessWeight: 0 };
    expect(memoryUtility(use(), none).composite).toBe(0);
    expect(
      memoryUtility(use({ lastRecalledSecondsAgo: 0 }), { recencyHalfLifeDays: 0 }).recency,
    ).toBe(0);
  });

  it("refuses a negative weight", () => {
    expect(() => memoryUtility(use(), { frequencyWeight: -1 })).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_CONFIG" }),
    );
  });

  it("stays in [0, 1]", () => {
    const seconds = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        seconds,
        seconds,
        fc.nat(),
        fc.double({ noNaN: true }),
        (a, b, count, relevance) => {
          const { composite } = memoryUtility({
            lastRecalledSecondsAgo: a,
            createdSecondsAgo: b,
            recallCount: count,
            averageRelevance: relevance,
          });
          expect(composite).toBeGreaterThanOrEqual(0);
          expect(composite).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe("UtilityTracker", () => {
  it("averages relevance and measures age by the monotonic clock", () => {
    const clock = new FakeClock();
    const tracker = new UtilityTracker({ clock });
    clock.advance(100_000);
    tracker.recordRecall("a", 1);
    clock.advance(100_000);
    tracker.recordRecall("a", 0);
    clock.set("2050-01-01T00:00:00Z");
    expect(tracker.utility("a")?.composite).toBeCloseTo(0.653994271, 8);
    expect(tracker.recallCount("a")).toBe(2);
    expect(tracker.utility("unknown")).toBeUndefined();
  });

  it("keeps the history of a memory that is created again", () => {
    const tracker = new UtilityTracker({ clock: new FakeClock() });
    tracker.recordRecall("a", 1);
    tracker.recordCreation("a");
    expect(tracker.recallCount("a")).toBe(1);
  });

  it("holds its cap and forgets what was used least recently", () => {
    const tracker = new UtilityTracker({ clock: new FakeClock(), maxEntries: 2 });
    for (const id of ["a", "b", "a", "c"]) tracker.recordRecall(id, 1);
    expect(["a", "b", "c"].map((id) => tracker.recallCount(id))).toEqual([2, 0, 1]);
    expect(tracker.size).toBe(2);
    tracker.remove("a");
    expect(tracker.size).toBe(1);
    tracker.clear();
    expect(tracker.size).toBe(0);
  });

  it("refuses a cap that keeps nothing", () => {
    expect(() => new UtilityTracker({ clock: new FakeClock(), maxEntries: 0 })).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_CONFIG" }),
    );
  });
});
