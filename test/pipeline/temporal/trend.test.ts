import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { observationTrend } from "../../../src/pipeline/temporal/observation-trend.js";
import { trendOf } from "../../../src/pipeline/temporal/trend.js";

const now = "2025-01-15T12:00:00+00:00";
const dayMs = 86_400_000;
const seen = (...ages: readonly number[]) =>
  ages.map((age) => new Date(Date.parse(now) - age * dayMs).toISOString().replace("Z", "+00:00"));

describe("trendOf", () => {
  it.each([
    [[], "stale"],
    [[31], "stale"],
    [[30], "new"],
    [[1, 29], "new"],
    [[1, 100], "strengthening"],
    [[1, 40, 50], "stable"],
    [[1, 40, 50, 60, 70, 80], "weakening"],
  ])("ages of %j days: %s", (ages, expected) => {
    expect(trendOf(seen(...ages), { now })).toBe(expected);
  });

  it.each([0, -1, Number.NaN])("refuses a window of %d days", (recentDays) => {
    expect(() => trendOf([], { now, recentDays })).toThrow(/recentDays.*above 0/);
  });

  it("does not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 })), (ages) => {
        expect(trendOf(seen(...ages), { now })).toBe(trendOf(seen(...ages.toReversed()), { now }));
      }),
    );
  });
});

describe("observationTrend", () => {
  it.each([
    [{ _obs_source_timestamps: '["x", 1, null, "2025-01-10T00:00:00Z"]' }, "new"],
    [{ _obs_source_timestamps: "[", _obs_updated_at: "2025-01-10T00:00:00Z" }, "new"],
    [{ _obs_source_timestamps: "{}", _created_at: "2025-01-10" }, "new"],
    [{ _obs_updated_at: "soon" }, "stale"],
    [undefined, "stale"],
  ])("%j is %s", (metadata, expected) => {
    expect(observationTrend(metadata, { now })).toBe(expected);
  });

  it("survives any text in the place of the times", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (text) => {
        expect(observationTrend({ _obs_source_timestamps: text }, { now })).toMatch(/^\w+$/);
      }),
    );
  });
});
