import { timestampMs, toTimestamp, type TimeRange, type Timestamp } from "../../dto/timestamp.js";
import { isRepresentable } from "./calendar.js";
import { expandedPeriod } from "./expanded-period.js";

/**
 * A generous range around the first vague expression of a text, such as "a few weeks ago", "the other day" or "recently",
 * counted from the anchor. Undefined without one, and for a range outside the years 1 to 9999.
 *
 * @throws {@link InvalidArgumentError} when the anchor is no date.
 */
export function expandTemporalExpression(text: string, anchor: Timestamp): TimeRange | undefined {
  const period = expandedPeriod(text, timestampMs(toTimestamp(anchor, "anchor")))?.period;
  return period !== undefined && isRepresentable(period.startMs) && isRepresentable(period.endMs)
    ? [toTimestamp(period.startMs), toTimestamp(period.endMs)]
    : undefined;
}
