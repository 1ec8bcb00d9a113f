import { addMonths, civilFromDays, dayMs, dayNumber, secondMs, weekdayOf } from "./calendar.js";
import { dayPeriod, monthPeriod, yearPeriod, type FoundPeriod, type Period } from "./period.js";
import { amountOf, daysOfUnit, phrasePattern, unitSource } from "./phrases.js";

type Reading = Pick<FoundPeriod, "point"> & { readonly period: Period | undefined };

interface Rule {
  readonly pattern: RegExp;
  readonly read: (nowMs: number, match: RegExpExecArray) => Reading;
}

/** Ends as many days ago as the week is old, at the present time of day, which is how the contract counts. */
function lastWeek(nowMs: number): Period {
  const endMs = nowMs - weekdayOf(dayNumber(nowMs)) * dayMs;
  return { startMs: endMs - 7 * dayMs, endMs: endMs - secondMs };
}

function ago(nowMs: number, amount: number, unit: string): Reading {
  if (daysOfUnit(unit) === 1) {
    const day = dayNumber(nowMs) - amount;
    return { period: { startMs: day * dayMs, endMs: nowMs }, point: dayPeriod(day) };
  }
  const startMs = nowMs - amount * daysOfUnit(unit) * dayMs;
  return { period: { startMs, endMs: nowMs }, point: { startMs, endMs: startMs } };
}

/** In the order in which they are tried. */
const rules: readonly Rule[] = [
  {
    pattern: phrasePattern("yesterday"),
    read: (nowMs) => ({ period: dayPeriod(dayNumber(nowMs) - 1) }),
  },
  { pattern: phrasePattern("today"), read: (nowMs) => ({ period: dayPeriod(dayNumber(nowMs)) }) },
  { pattern: phrasePattern("last week"), read: (nowMs) => ({ period: lastWeek(nowMs) }) },
  {
    pattern: phrasePattern("last month"),
    read: (nowMs) => {
      const { year, month } = addMonths(civilFromDays(dayNumber(nowMs)), -1);
      return { period: monthPeriod(year, month) };
    },
  },
  {
    pattern: phrasePattern("last year"),
    read: (nowMs) => ({ period: yearPeriod(civilFromDays(dayNumber(nowMs)).year - 1) }),
  },
  {
    pattern: phrasePattern(`(?<amount>\\d+) (?<unit>${unitSource})s? ago`),
    read: (nowMs, { groups }) =>
      ago(nowMs, amountOf(groups?.["amount"] ?? ""), groups?.["unit"] ?? ""),
  },
];

/**
 * The first of yesterday, today, last week, last month, last year and "N days ago" that a text names. Days, months and years
 * are the calendar's, "N weeks ago" reaches from then until now with months of 30 and years of 365 days.
 */
export function relativePeriod(text: string, nowMs: number): FoundPeriod | undefined {
  for (const { pattern, read } of rules) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const { period, point } = read(nowMs, match);
    if (period === undefined) continue;
    return { period, point, index: match.index, endIndex: match.index + match[0].length };
  }
  return undefined;
}
