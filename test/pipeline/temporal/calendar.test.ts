import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  civilFromDays,
  dayMs,
  daysFromCivil,
  isRepresentable,
  weekdayOf,
} from "../../../src/pipeline/temporal/calendar.js";
import { datePeriod, monthPeriod, yearPeriod } from "../../../src/pipeline/temporal/period.js";

const anyDay = fc.integer({
  min: Date.UTC(2000, 0, 1) / dayMs - 730_000,
  max: Date.UTC(9999, 11, 31) / dayMs,
});

describe("the calendar", () => {
  it("agrees with the machine's on every kind of day", () => {
    fc.assert(
      fc.property(anyDay, (days) => {
        const date = new Date(days * dayMs);
        const civil = {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        };
        expect(civilFromDays(days)).toEqual(civil);
        expect(daysFromCivil(civil)).toBe(days);
        expect(weekdayOf(days)).toBe((date.getUTCDay() + 6) % 7);
      }),
      { numRuns: 2000 },
    );
  });

  it("knows which days exist", () => {
    expect(datePeriod(2024, 2, 29)).toBeDefined();
    expect(datePeriod(1900, 2, 29)).toBeUndefined();
    expect(datePeriod(2024, 2, 30)).toBeUndefined();
    expect(datePeriod(2024, 0, 1)).toBeUndefined();
    expect(datePeriod(2024, 1, 0)).toBeUndefined();
    expect(datePeriod(Number.NaN, 1, 1)).toBeUndefined();
    expect(monthPeriod(2024, 13)).toBeUndefined();
    expect(monthPeriod(0, 1)).toBeUndefined();
  });

  it("has no period whose end a timestamp cannot hold", () => {
    expect(yearPeriod(9998)).toBeDefined();
    expect(yearPeriod(9999)).toBeUndefined();
    expect(datePeriod(9999, 12, 30)).toBeDefined();
    expect(datePeriod(9999, 12, 31)).toBeUndefined();
    expect(isRepresentable(Number.NaN)).toBe(false);
    expect(isRepresentable(Number.POSITIVE_INFINITY)).toBe(false);
  });
});
