import { dayMs } from "./calendar.js";
import type { FoundPeriod, Period } from "./period.js";
import { amountOf, amountSource, daysOfUnit, phrasePattern, unitSource } from "./phrases.js";

const furthestBackDays = 5 * 365;

/** Days before the anchor; negative ones lie after it. */
interface Window {
  readonly fromDays: number;
  readonly toDays: number;
}

interface Rule {
  readonly pattern: RegExp;
  readonly window: (unitDays: number, amount: number) => Window;
}

function around(centreDays: number, halfDays: number): Window {
  return { fromDays: centreDays + halfDays, toDays: centreDays - halfDays };
}

/** In the order in which they are tried. */
const rules: readonly Rule[] = [
  {
    pattern: phrasePattern(`(?<amount>${amountSource}) (?<unit>${unitSource})s? ago`),
    window: (unitDays, amount) => ({
      fromDays: (amount + 1) * unitDays,
      toDays: Math.max(0, amount - 1) * unitDays,
    }),
  },
  {
    pattern: phrasePattern(`(?:a )?few (?<unit>${unitSource})s? ago`),
    window: (unitDays) => around(3.5 * unitDays, 1.5 * unitDays),
  },
  {
    pattern: phrasePattern(`(?:a )?couple (?:of )?(?<unit>${unitSource})s? ago`),
    window: (unitDays) => around(2.5 * unitDays, unitDays),
  },
  {
    pattern: phrasePattern("the other (?<unit>day|week|month)"),
    window: (unitDays) => around(1.4 * unitDays, 0.7 * unitDays),
  },
  {
    pattern: phrasePattern(`(?:last|a) (?<unit>${unitSource})`),
    window: (unitDays) => around(1.4 * unitDays, 0.7 * unitDays),
  },
  {
    pattern: phrasePattern(`earlier this (?<unit>${unitSource})`),
    window: (unitDays) => ({ fromDays: unitDays, toDays: 0 }),
  },
  {
    pattern: phrasePattern(`this (?<unit>${unitSource})`),
    window: (unitDays) => ({ fromDays: unitDays, toDays: -1 }),
  },
  { pattern: phrasePattern("yesterday"), window: () => around(1, 1) },
  { pattern: phrasePattern("today"), window: () => around(0, 1) },
  {
    pattern: phrasePattern("recently|lately|just now"),
    window: () => ({ fromDays: 14, toDays: -1 }),
  },
];

function periodOf({ fromDays, toDays }: Window, nowMs: number): Period {
  // A window that lies before the limit as a whole keeps its start: cutting it off would turn it round.
  const boundedDays = toDays > furthestBackDays ? fromDays : Math.min(fromDays, furthestBackDays);
  return {
    startMs: nowMs - Math.round(boundedDays * dayMs),
    endMs: nowMs - Math.round(toDays * dayMs),
  };
}

/**
 * A generous window around a vague expression such as "a few weeks ago", "the other day", "this month" or "recently". It
 * starts at most five years of 365 days ago, unless it ended before that.
 *
 * "a day" is such an expression wherever it stands, also in "a day in the life".
 */
export function expandedPeriod(text: string, nowMs: number): FoundPeriod | undefined {
  for (const { pattern, window } of rules) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const { unit = "", amount = "" } = match.groups ?? {};
    return {
      period: periodOf(window(daysOfUnit(unit), amountOf(amount)), nowMs),
      index: match.index,
      endIndex: match.index + match[0].length,
    };
  }
  return undefined;
}
