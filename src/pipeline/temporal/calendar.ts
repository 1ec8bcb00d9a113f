import { toTimestamp, type Timestamp } from "../../dto/timestamp.js";

export const secondMs = 1000;
export const dayMs = 86_400_000;

/** A day of the proleptic Gregorian calendar; months count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const daysPerEra = 146_097;
const daysBeforeUnixEpoch = 719_468;

/**
 * Days from 1970-01-01 to a date. From Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`days_from_civil`):
 * years begin in March, so that the leap day is a year's last.
 */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const monthFromMarch = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysPerEra + dayOfEra - daysBeforeUnixEpoch;
}

/** The date so many days after 1970-01-01 (`civil_from_days` of the same paper). */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + daysBeforeUnixEpoch;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((monthFromMarch + 2) % 12) + 1;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** Whole days since 1970-01-01. */
export function dayNumber(ms: number): number {
  return Math.floor(ms / dayMs);
}

/** Monday is 0. */
export function weekdayOf(days: number): number {
  return (((days + 3) % 7) + 7) % 7;
}

/** The same month's successor or predecessor, on its first day. */
export function addMonths({ year, month }: CivilDate, months: number): CivilDate {
  const total = year * 12 + (month - 1) + months;
  return { year: Math.floor(total / 12), month: (((total % 12) + 12) % 12) + 1, day: 1 };
}

const firstInstantMs = daysFromCivil({ year: 1, month: 1, day: 1 }) * dayMs;
const lastInstantMs = daysFromCivil({ year: 10_000, month: 1, day: 1 }) * dayMs - 1;

/** Whether a {@link Timestamp} can hold the instant: the years 1 to 9999. */
export function isRepresentable(ms: number): boolean {
  return ms >= firstInstantMs && ms <= lastInstantMs;
}

/** The instant, or the nearest that a {@link Timestamp} can hold. */
export function nearestTimestamp(ms: number): Timestamp {
  return toTimestamp(Math.min(lastInstantMs, Math.max(firstInstantMs, ms)));
}

/** `YYYY-MM-DD`. */
export function formatDay(days: number): string {
  return nearestTimestamp(days * dayMs).slice(0, 10);
}
