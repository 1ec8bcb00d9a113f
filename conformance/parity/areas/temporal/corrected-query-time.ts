import { toTimestamp } from "astrocyte";
import { canonical, dayMs, shifted, shiftedSeconds } from "./instants.js";

/** A range as the recordings have it, in canonical timestamps. */
export interface RecordedRange {
  readonly start: string | null;
  readonly end: string | null;
}

export interface Correction {
  readonly expected: RecordedRange;
  readonly reason: string;
}

interface RecordedQuery {
  readonly query: string;
  readonly offsetMinutes: number;
  readonly recorded: RecordedRange;
}

const none: RecordedRange = { start: null, end: null };
const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const month = "(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*";
const date = `(?:\\d{4}-\\d{2}-\\d{2}|\\d{4}-\\d{2}|${month} \\d{4}|(?:19|20)\\d{2})`;
const span = new RegExp(
  `\\bbetween (${date}|${month}) and (${date})\\b|\\b(${date}|${month})(?: (?:to|until|till|through) | ?[-–] ?)(${date})\\b`,
  "i",
);
const dayOfMonth = new RegExp(
  `\\b(${month}) (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b|\\b(\\d{1,2})(?:st|nd|rd|th)? (?:of )?(${month}),? (\\d{4})\\b`,
  "i",
);
const directed = new RegExp(
  `\\b(before|prior to|until|till|up to|since|after) +(?:the year +)?(?:${date}|yesterday|today|this|last|the other|a|few|couple|recently|lately|\\d+|one|two|three|four|five|six|seven|eight|nine|ten)\\b`,
  "i",
);
const labelled =
  /\b(?:room|flat|gate|flight|house|model|order|route|page|version|unit|apartment) (\d{4})\b/i;

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** The days of a month by the rule of the calendar. */
function lengthOf(year: number, monthNumber: number): number {
  if (monthNumber === 2) {
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  }
  return [4, 6, 9, 11].includes(monthNumber) ? 30 : 31;
}

function monthNumberOf(name: string): number {
  return monthNames.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function rangeOf(text: string): { start: string; end: string } {
  const named = /^([a-z]+) (\d{4})$/i.exec(text);
  const iso = named === null ? text : `${named[2]}-${pad(monthNumberOf(named[1] ?? ""))}`;
  const [year = 0, monthNumber, day] = iso.split("-").map(Number);
  const lastMonth = monthNumber ?? 12;
  return {
    start: toTimestamp(`${year}-${pad(monthNumber ?? 1)}-${pad(day ?? 1)}`),
    end: toTimestamp(`${year}-${pad(lastMonth)}-${pad(day ?? lengthOf(year, lastMonth))}T23:59:59`),
  };
}

function spanOf(query: string): Correction | undefined {
  const [, first, second, from, to] = span.exec(query) ?? [];
  const left = first ?? from;
  const right = second ?? to;
  if (left === undefined || right === undefined) return undefined;
  const lacksYear = !/\d/.test(left);
  // A month that lacks its year takes it from a second month, and from nothing else.
  if (lacksYear && !new RegExp(`^${month} `, "i").test(right)) return undefined;
  const one = rangeOf(lacksYear ? `${left} ${right.slice(-4)}` : left);
  const other = rangeOf(right);
  return {
    expected: {
      start: one.start < other.start ? one.start : other.start,
      end: one.end > other.end ? one.end : other.end,
    },
    reason: "05 §8: a range given by two dates spans both",
  };
}

function dayOf({ query, recorded }: RecordedQuery): Correction | undefined {
  const [, nameFirst, daySecond, yearSecond, dayFirst, nameSecond, yearFirst] =
    dayOfMonth.exec(query) ?? [];
  const name = nameFirst ?? nameSecond;
  const year = yearSecond ?? yearFirst;
  // Another rule may have come first; then its result does not lie in that year.
  if (name === undefined || year === undefined || recorded.start?.slice(0, 4) !== year) {
    return undefined;
  }
  const day = Number(daySecond ?? dayFirst);
  if (day < 1 || day > lengthOf(Number(year), monthNumberOf(name))) return undefined;
  return {
    expected: rangeOf(`${year}-${pad(monthNumberOf(name))}-${pad(day)}`),
    reason: "05 §8: a day with the month's name is that day, not the year",
  };
}

function directionOf({ query, recorded }: RecordedQuery): Correction | undefined {
  const match = directed.exec(query);
  const { start, end } = recorded;
  if (match === null || start === null || end === null) return undefined;
  const reason = "05 §8: before, until, since and after leave one end open";
  const ago = /\d+ +(day|week|month|year)s? +ago/i.exec(query)?.[1]?.toLowerCase();
  switch (match[1]?.toLowerCase() ?? "") {
    case "since":
      return { expected: { start, end: null }, reason };
    case "after":
      if (ago === "day") return { expected: { start: shifted(start, dayMs), end: null }, reason };
      return {
        expected: { start: shiftedSeconds(ago === undefined ? end : start, 1), end: null },
        reason,
      };
    case "before":
    case "prior to":
      return { expected: { start: null, end: shiftedSeconds(start, -1) }, reason };
    default:
      return { expected: { start: null, end }, reason };
  }
}

function labelOf({ query, recorded }: RecordedQuery): Correction | undefined {
  const year = labelled.exec(query)?.[1];
  return year !== undefined && recorded.start === canonical(`${year}-01-01`)
    ? { expected: none, reason: "05 §8: the number of a room or the like is no year" }
    : undefined;
}

/** Windows that the floor of five years turned round, and "earlier this week". */
export function correctedExpansion(query: string, recorded: RecordedRange): Correction | undefined {
  const { start, end } = recorded;
  if (start === null || end === null) return undefined;
  if (start > end) {
    const unit = /(day|week|month|year)s? ago/i.exec(query)?.[1]?.toLowerCase();
    const unitDays = { day: 1, week: 7, month: 30, year: 365 }[unit ?? ""] ?? 0;
    return {
      expected: { start: shifted(end, -2 * unitDays * dayMs), end },
      reason: "05 §8: the floor of five years must not turn a window round",
    };
  }
  return /\bearlier +this +(?:day|week|month|year)\b/i.test(query)
    ? {
        expected: { start, end: shifted(end, -dayMs) },
        reason: "05 §8: earlier this week is over by now",
      }
    : undefined;
}

function localMonthOf({ query, offsetMinutes, recorded }: RecordedQuery): Correction | undefined {
  const { start, end } = recorded;
  if (offsetMinutes === 0 || !/\blast +(?:month|year)\b/i.test(query)) return undefined;
  if (start === null || end === null) return undefined;
  return {
    expected: {
      start: shifted(start, -offsetMinutes * 60_000),
      end: shifted(end, -offsetMinutes * 60_000),
    },
    reason: "05 §8: months and years begin where the asker's days do",
  };
}

/** What a query should give where the recorded range is not what its words say; undefined where it is. */
export function correctedQueryTime(
  recordedQuery: RecordedQuery & { readonly expansion: boolean },
): Correction | undefined {
  const { query, recorded, expansion } = recordedQuery;
  return (
    spanOf(query) ??
    labelOf(recordedQuery) ??
    dayOf(recordedQuery) ??
    directionOf(recordedQuery) ??
    (expansion ? correctedExpansion(query, recorded) : undefined) ??
    localMonthOf(recordedQuery)
  );
}
