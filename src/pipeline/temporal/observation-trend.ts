import type { Metadata } from "../../dto/metadata.js";
import { timestampSchema, type Timestamp } from "../../dto/timestamp.js";
import { trendOf, type Trend, type TrendOptions } from "./trend.js";

const oneTimestamp = timestampSchema.optional().catch(undefined);

function timestampsIn(value: unknown): Timestamp[] {
  if (typeof value !== "string") return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return parsed.map((entry) => oneTimestamp.parse(entry)).filter((entry) => entry !== undefined);
}

/**
 * The trend of an observation from the times of its sources, the JSON text in `_obs_source_timestamps`; without a usable one,
 * from `_obs_updated_at`, else `_created_at`. An observation without any time is stale.
 */
export function observationTrend(
  metadata: Metadata | undefined,
  options: Pick<TrendOptions, "now">,
): Trend {
  const sources = timestampsIn(metadata?.["_obs_source_timestamps"]);
  if (sources.length > 0) return trendOf(sources, options);
  const own =
    oneTimestamp.parse(metadata?.["_obs_updated_at"]) ??
    oneTimestamp.parse(metadata?.["_created_at"]);
  return trendOf(own === undefined ? [] : [own], options);
}
