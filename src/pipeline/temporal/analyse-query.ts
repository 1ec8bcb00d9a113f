import { timestampMs, toTimestamp, type TimeRange, type Timestamp } from "../../dto/timestamp.js";
import { boundsAround } from "./bounds.js";
import { isRepresentable, nearestTimestamp } from "./calendar.js";
import {
  dateMentions,
  introducesYear,
  periodOfMention,
  type DateMention,
} from "./date-mentions.js";
import { expandedPeriod } from "./expanded-period.js";
import type { FoundPeriod } from "./period.js";
import { relativePeriod } from "./relative-period.js";
import { spanningPeriod } from "./spanning-period.js";

/** The time that a query asks about; an end that is absent is open. */
export interface QueryTime {
  /** Inclusive. */
  readonly start?: Timestamp | undefined;
  /** Inclusive. */
  readonly end?: Timestamp | undefined;
  /** The words that say so; absent when a model read them. */
  readonly phrase?: string | undefined;
}

export interface AnalyseQueryOptions {
  /** What "yesterday" is relative to. */
  readonly anchor: Timestamp;
  /** Whether vague expressions count, such as "a few weeks ago" or "recently". @defaultValue true */
  readonly expansion?: boolean | undefined;
  /** Where the asker's day begins: minutes that the local clock is ahead of UTC. @defaultValue 0 */
  readonly utcOffsetMinutes?: number | undefined;
}

const minuteMs = 60_000;
const contextCharacters = 16;

function firstOf(
  mentions: readonly DateMention[],
  accepts: (mention: DateMention) => boolean,
): FoundPeriod | undefined {
  for (const mention of mentions) {
    const found = accepts(mention) ? periodOfMention(mention) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstYear(query: string, mentions: readonly DateMention[]): FoundPeriod | undefined {
  const introduced = ({ form, index }: DateMention) =>
    form === "year" &&
    introducesYear.test(query.slice(Math.max(0, index - contextCharacters), index));
  return firstOf(mentions, introduced) ?? firstOf(mentions, ({ form }) => form === "year");
}

function findPeriod(query: string, nowMs: number, expansion: boolean): FoundPeriod | undefined {
  const mentions = dateMentions(query);
  return (
    spanningPeriod(query, mentions, nowMs) ??
    firstOf(mentions, ({ form }) => form === "isoDay") ??
    firstOf(mentions, ({ form }) => form === "isoMonth") ??
    relativePeriod(query, nowMs) ??
    (expansion ? expandedPeriod(query, nowMs) : undefined) ??
    firstOf(mentions, ({ form }) => form === "named") ??
    firstYear(query, mentions)
  );
}

/**
 * The time that a query names, by rules alone. The first that applies wins: a range given by two dates, an ISO date or month,
 * a relative expression, a vague one, a date with the month's name, a year. "before", "until", "since" and "after" leave one
 * end open. Undefined when the query names no time, or one outside the years 1 to 9999.
 *
 * No query makes it throw.
 *
 * @throws {@link InvalidArgumentError} when the anchor is no date.
 */
export function analyseQuery(
  query: string,
  { anchor, expansion = true, utcOffsetMinutes = 0 }: AnalyseQueryOptions,
): QueryTime | undefined {
  const offsetMs = utcOffsetMinutes * minuteMs;
  const nowMs = timestampMs(toTimestamp(anchor, "anchor")) + offsetMs;
  const found = findPeriod(query, nowMs, expansion);
  if (found === undefined) return undefined;
  const bounds = boundsAround(query, found);
  const startMs = bounds.startMs === undefined ? undefined : bounds.startMs - offsetMs;
  const endMs = bounds.endMs === undefined ? undefined : bounds.endMs - offsetMs;
  if (![startMs, endMs].every((ms) => ms === undefined || isRepresentable(ms))) return undefined;
  return {
    ...(startMs === undefined ? {} : { start: toTimestamp(startMs) }),
    ...(endMs === undefined ? {} : { end: toTimestamp(endMs) }),
    phrase: query.slice(found.index, found.endIndex),
  };
}

const openStart = toTimestamp("1900-01-01");
const openEnd = toTimestamp("2200-01-01");
const firstInstant = nearestTimestamp(Number.NEGATIVE_INFINITY);
const lastInstant = nearestTimestamp(Number.POSITIVE_INFINITY);

/** The time of a query as a filter: open ends become 1900-01-01 and 2200-01-01, or the calendar's ends where those do not suffice. */
export function rangeOfQueryTime({ start, end }: QueryTime): TimeRange {
  return [
    start ?? (end !== undefined && end < openStart ? firstInstant : openStart),
    end ?? (start !== undefined && start > openEnd ? lastInstant : openEnd),
  ];
}
