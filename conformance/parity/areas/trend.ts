import { observationTrend, trendOf } from "astrocyte/pipeline";
import { toTimestamp, type Metadata } from "astrocyte";
import * as z from "zod";
import { NotMapped, type AreaRunner } from "../area-runner.js";
import { dayMs, epochMs } from "./temporal/instants.js";

const trendInput = z.object({
  ages_days: z.array(z.number()),
  now: z.string(),
  recent_days: z.number().optional(),
  old_days: z.number().optional(),
});
const observationInput = z.object({
  // Also what no metadata may hold: the reference was given lists.
  metadata: z.custom<Metadata>((value) => typeof value === "object").nullable(),
  now: z.string(),
});

/** How the evidence of observations develops. */
export const trend: AreaRunner = {
  area: "trend",
  run: ({ fn = "this function", input }) => {
    switch (fn) {
      case "compute_trend": {
        const { ages_days: ages, now, ...days } = trendInput.parse(input);
        const seen = ages.map((age) => toTimestamp(epochMs(now) - age * dayMs));
        return {
          result: trendOf(seen, {
            now: toTimestamp(now),
            recentDays: days.recent_days,
            oldDays: days.old_days,
          }),
        };
      }
      case "compute_observation_trend": {
        const { metadata, now } = observationInput.parse(input);
        return { result: observationTrend(metadata ?? undefined, { now: toTimestamp(now) }) };
      }
      default:
        return new NotMapped(`no counterpart of ${fn}`);
    }
  },
};
