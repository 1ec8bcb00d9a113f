import { dayMs, secondMs } from "./calendar.js";
import type { FoundPeriod, Period } from "./period.js";
import { amountOf, amountSource, daysOfUnit, phrasePattern, unitSource } from "./phrases.js";

/** Wall-clock milliseconds, both inclusive; an absent end is open. */
export interface Bounds {
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
}

const direction = phrasePattern(
  "(?<word>before|prior to|until|till|up to|since|after) (?:the year )?$",
);
const distance = phrasePattern(
  `(?<amount>the|a|${amountSource}) (?<unit>${unitSource})s? (?<word>before|after) $`,
);
const possessive = /^['’]s/u;
const onwards = /^\s{1,4}onwards?(?![\p{L}\p{N}_])/iu;
const contextCharacters = 48;

/** "the day before yesterday" is a day, "3 weeks after May 2024" the three weeks that follow. */
function awayFrom({ startMs, endMs }: Period, lengthMs: number, word: string): Bounds {
  return word === "before"
    ? { startMs: startMs - lengthMs, endMs: startMs - secondMs }
    : { startMs: endMs + secondMs, endMs: endMs + lengthMs };
}

function towards({ startMs, endMs }: Period, word: string, inclusive: boolean): Bounds {
  switch (word) {
    case "since":
      return { startMs };
    case "after":
      return { startMs: inclusive ? startMs : endMs + secondMs };
    case "until":
    case "till":
    case "up to":
      return { endMs };
    default:
      return { endMs: inclusive ? endMs : startMs - secondMs };
  }
}

/**
 * What a text asks for around a period: "before 2022" ends with 2021, "after yesterday" starts today, "since March 2024" and
 * "until 2022" include what they name. What happened before or after "yesterday's meeting" may have happened on its day.
 */
export function boundsAround(
  text: string,
  { period, point, index, endIndex }: FoundPeriod,
): Bounds {
  const before = text.slice(Math.max(0, index - contextCharacters), index);
  const after = text.slice(endIndex, endIndex + contextCharacters);
  const named = point ?? period;
  const away = distance.exec(before)?.groups;
  if (away !== undefined) {
    const { amount = "", unit = "", word = "" } = away;
    const count = /^(?:the|a)$/i.test(amount) ? 1 : amountOf(amount);
    return awayFrom(named, count * daysOfUnit(unit) * dayMs, word.toLowerCase());
  }
  const word = direction.exec(before)?.groups?.["word"]?.toLowerCase().replace(/\s+/g, " ");
  if (word !== undefined) return towards(named, word, possessive.test(after));
  return onwards.test(after) ? { startMs: named.startMs } : period;
}
