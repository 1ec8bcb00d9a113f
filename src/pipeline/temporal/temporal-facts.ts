import { timestampMs, toTimestamp, type TimeRange, type Timestamp } from "../../dto/timestamp.js";
import {
  dayMs,
  dayNumber,
  formatDay,
  isRepresentable,
  nearestTimestamp,
  weekdayOf,
} from "./calendar.js";
import { amountOf, daysOfUnit } from "./phrases.js";
import { matchHints, weekdayNames, type HintMatch } from "./temporal-hints.js";

export type TemporalGranularity = "day" | "weekend" | "week" | "month" | "year";

/** A relative expression with the date it means. */
export interface TemporalFact {
  /** As it stands in the text. */
  readonly phrase: string;
  /** `YYYY-MM-DD` in UTC, the first day of what the phrase means. */
  readonly resolvedDate: string;
  readonly granularity: TemporalGranularity;
  /** `YYYY-MM-DD` in UTC, the day from which the phrase counts. */
  readonly anchorDate: string;
}

interface Resolution {
  readonly daysBack: number;
  readonly granularity: TemporalGranularity;
}

function granularityOf(unit: string): TemporalGranularity {
  switch (unit) {
    case "week":
    case "month":
    case "year":
      return unit;
    default:
      return "day";
  }
}

function resolve({ kind, groups }: HintMatch, anchorDay: number): Resolution | undefined {
  const { amount = "", unit = "", weekday = "" } = groups;
  switch (kind) {
    case "relative_day":
      return { daysBack: 1, granularity: "day" };
    case "relative_week":
      return { daysBack: 7, granularity: "week" };
    case "relative_weekday": {
      const wanted = weekdayNames.findIndex((name) => name === weekday.toLowerCase());
      // On the same weekday it is the one a week ago.
      const daysBack = (weekdayOf(anchorDay) + 6 - wanted) % 7;
      return { daysBack: daysBack + 1, granularity: "day" };
    }
    case "relative_weekend": {
      // The weekend that is under way does not count; the one before it began this many days ago.
      const lastSaturday = weekdayOf(anchorDay) + 2;
      return {
        daysBack: lastSaturday + 7 * (amountOf(amount) - 1),
        granularity: "weekend",
      };
    }
    case "relative_offset":
      return {
        daysBack: amountOf(amount) * daysOfUnit(unit),
        granularity: granularityOf(unit.toLowerCase()),
      };
    case "recent":
    default:
      return undefined;
  }
}

/**
 * The dates that "yesterday", "last week", "last Friday", "two weekends ago" and "3 months earlier" in a text mean, seen from
 * the day on which it was written; a month has 30 days and a year 365. Phrases that lead out of the years 1 to 9999 are left
 * out. Kind by kind, and then in their order; an expression that occurs twice is listed twice.
 *
 * @throws {@link InvalidArgumentError} when the anchor is no date.
 */
export function resolveTemporalFacts(text: string, anchor: Timestamp | undefined): TemporalFact[] {
  if (anchor === undefined) return [];
  const anchorDay = dayNumber(timestampMs(toTimestamp(anchor, "anchor")));
  const facts: TemporalFact[] = [];
  for (const match of matchHints(text)) {
    const resolution = resolve(match, anchorDay);
    if (resolution === undefined) continue;
    const day = anchorDay - resolution.daysBack;
    if (!isRepresentable(day * dayMs)) continue;
    facts.push({
      phrase: match.phrase,
      resolvedDate: formatDay(day),
      granularity: resolution.granularity,
      anchorDate: formatDay(anchorDay),
    });
  }
  return facts;
}

/** What is stored with a memory about its relative expressions, with the values of several joined by `|`; empty without any. */
export function temporalMetadata(facts: readonly TemporalFact[]): Record<string, string> {
  const [first] = facts;
  if (first === undefined) return {};
  const joined = (key: keyof TemporalFact) => facts.map((fact) => fact[key]).join("|");
  return {
    temporal_phrase: joined("phrase"),
    resolved_date: joined("resolvedDate"),
    temporal_anchor: first.anchorDate,
    date_granularity: joined("granularity"),
  };
}

function daysOfGranularity(granularity: TemporalGranularity): number {
  return granularity === "weekend" ? 2 : daysOfUnit(granularity);
}

/** From the midnight that begins what the first fact means to the midnight that ends it. */
export function rangeOfTemporalFacts(facts: readonly TemporalFact[]): TimeRange | undefined {
  const [first] = facts;
  if (first === undefined) return undefined;
  const startMs = timestampMs(toTimestamp(first.resolvedDate));
  const endMs = startMs + daysOfGranularity(first.granularity) * dayMs;
  return [toTimestamp(startMs), nearestTimestamp(endMs)];
}
