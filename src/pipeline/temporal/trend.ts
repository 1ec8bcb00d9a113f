import { timestampMs, toTimestamp, type Timestamp } from "../../dto/timestamp.js";
import { ConfigError } from "../../errors.js";
import { dayMs } from "./calendar.js";

/** How the evidence for something develops. */
export type Trend = "new" | "strengthening" | "stable" | "weakening" | "stale";

export interface TrendOptions {
  readonly now: Timestamp;
  /** @defaultValue 30 */
  readonly recentDays?: number | undefined;
  /** The span of older evidence ends so many days ago. @defaultValue 90 */
  readonly oldDays?: number | undefined;
}

const strengtheningRatio = 1.5;
const weakeningRatio = 0.5;

function assertDays(setting: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new ConfigError(`${setting}: expected a number of days above 0, got ${value}`);
  }
}

/**
 * Compares how often something was seen a day within the last `recentDays`, and before that; everything older is spread over
 * the days from `recentDays` to `oldDays`. Nothing recent is stale, nothing older (or no such span) is new, more than 1.5 times
 * the older rate is strengthening, less than half of it weakening.
 *
 * @param timestamps - When it was seen, in any order; those after `now` are recent.
 * @throws {@link ConfigError} when a number of days is not above 0.
 * @throws {@link InvalidArgumentError} when `now` or a timestamp is no date.
 */
export function trendOf(
  timestamps: readonly Timestamp[],
  { now, recentDays = 30, oldDays = 90 }: TrendOptions,
): Trend {
  assertDays("recentDays", recentDays);
  assertDays("oldDays", oldDays);
  const recentFromMs = timestampMs(toTimestamp(now, "now")) - recentDays * dayMs;
  const recent = timestamps.filter(
    (timestamp) => timestampMs(toTimestamp(timestamp)) >= recentFromMs,
  ).length;
  const older = timestamps.length - recent;
  if (recent === 0) return "stale";
  if (older === 0 || oldDays <= recentDays) return "new";
  const ratio = recent / recentDays / (older / (oldDays - recentDays));
  if (ratio > strengtheningRatio) return "strengthening";
  return ratio < weakeningRatio ? "weakening" : "stable";
}
