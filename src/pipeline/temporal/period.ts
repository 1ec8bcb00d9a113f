import {
  addMonths,
  civilFromDays,
  dayMs,
  daysFromCivil,
  isRepresentable,
  secondMs,
} from "./calendar.js";

/** A stretch of wall-clock time: milliseconds since 1970 as a clock on the wall would count them, both ends inclusive. */
export interface Period {
  readonly startMs: number;
  readonly endMs: number;
}

/** A period and where a text speaks of it, in UTF-16 units. */
export interface FoundPeriod {
  readonly period: Period;
  /** What "before" or "since" refer to, where it is not the period: "3 days ago" names a day and covers the time since. */
  readonly point?: Period | undefined;
  readonly index: number;
  readonly endIndex: number;
}

/** From an instant to the second before another; undefined when a timestamp cannot hold both. */
function upTo(startMs: number, nextMs: number): Period | undefined {
  return isRepresentable(startMs) && isRepresentable(nextMs)
    ? { startMs, endMs: nextMs - secondMs }
    : undefined;
}

/** A day by its number since 1970-01-01. */
export function dayPeriod(days: number): Period | undefined {
  return upTo(days * dayMs, (days + 1) * dayMs);
}

/** Undefined for a month that does not exist. */
export function monthPeriod(year: number, month: number): Period | undefined {
  if (year < 1 || month < 1 || month > 12) return undefined;
  const first = { year, month, day: 1 };
  return upTo(daysFromCivil(first) * dayMs, daysFromCivil(addMonths(first, 1)) * dayMs);
}

export function yearPeriod(year: number): Period | undefined {
  return upTo(
    daysFromCivil({ year, month: 1, day: 1 }) * dayMs,
    daysFromCivil({ year: year + 1, month: 1, day: 1 }) * dayMs,
  );
}

/** Undefined for a date that does not exist, such as 30 February. */
export function datePeriod(year: number, month: number, day: number): Period | undefined {
  const days = daysFromCivil({ year, month, day });
  const civil = civilFromDays(days);
  // Days beyond the month's end count on into the next one.
  return civil.month === month && civil.day === day ? dayPeriod(days) : undefined;
}
