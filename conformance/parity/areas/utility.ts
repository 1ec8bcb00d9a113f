import { memoryUtility, UtilityTracker } from "astrocyte/pipeline";
import { FakeClock } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";

const computeInput = z.object({
  avg_relevance: z.number(),
  created_seconds_ago: z.number(),
  last_recalled_seconds_ago: z.number(),
  recall_count: z.int(),
  recency_half_life_days: z.number().optional(),
  weight_recency: z.number().optional(),
  weight_frequency: z.number().optional(),
  weight_relevance: z.number().optional(),
  weight_freshness: z.number().optional(),
});
const trackerInput = z.object({
  config: z.object({ max_entries: z.int().optional() }),
  steps: z.array(
    z.object({
      op: z.enum(["recall", "create", "get", "count", "clear"]),
      id: z.string().default(""),
      relevance: z.number().default(0),
      t: z.number(),
    }),
  ),
});
type Step = z.infer<typeof trackerInput>["steps"][number];

function compute(input: unknown): unknown {
  const parsed = computeInput.parse(input);
  return {
    result: memoryUtility(
      {
        averageRelevance: parsed.avg_relevance,
        createdSecondsAgo: parsed.created_seconds_ago,
        lastRecalledSecondsAgo: parsed.last_recalled_seconds_ago,
        recallCount: parsed.recall_count,
      },
      {
        recencyHalfLifeDays: parsed.recency_half_life_days,
        recencyWeight: parsed.weight_recency,
        frequencyWeight: parsed.weight_frequency,
        relevanceWeight: parsed.weight_relevance,
        freshnessWeight: parsed.weight_freshness,
      },
    ),
  };
}

function replay(maxEntries: number | undefined, steps: readonly Step[]): unknown[] {
  const clock = new FakeClock();
  const tracker = new UtilityTracker({ clock, maxEntries });
  return steps.map(({ op, id, relevance, t }) => {
    clock.advance(t * 1000 - clock.monotonic());
    switch (op) {
      case "recall":
        tracker.recordRecall(id, relevance);
        return {};
      case "create":
        tracker.recordCreation(id);
        return {};
      case "get":
        return { utility: tracker.utility(id) ?? null };
      case "count":
        return { count: tracker.recallCount(id) };
      case "clear":
        tracker.clear();
        return {};
      default:
        return op satisfies never;
    }
  });
}

/** Whether a memory is created that is known already, and its recalls are only counted afterwards. */
function isRecreated(steps: readonly Step[]): boolean {
  return steps.some(
    ({ op, id }, index) =>
      op === "create" &&
      steps.slice(0, index).some((step) => step.op === "recall" && step.id === id),
  );
}

/** Counts alone, since a tracker has nothing else to say of a memory that was created twice. */
function countRecalls(steps: readonly Step[]): unknown[] {
  return steps.map(({ op, id }, index) =>
    op === "count"
      ? {
          count: steps.slice(0, index).filter((step) => step.op === "recall" && step.id === id)
            .length,
        }
      : {},
  );
}

function track(input: unknown): unknown {
  const { config, steps } = trackerInput.parse(input);
  const actual = { steps: replay(config.max_entries, steps) };
  if (!isRecreated(steps)) return actual;
  const withoutUtilities = steps.map(({ op }, index) => (op === "get" ? {} : actual.steps[index]));
  return new Corrected(
    { steps: withoutUtilities },
    { steps: countRecalls(steps) },
    "05 section 9.9: a memory that is created again keeps the history of its recalls",
  );
}

/** How useful memories have been. */
export const utility: AreaRunner = {
  area: "utility",
  run: ({ category, input }) => {
    if (category === "compute") return compute(input);
    return category === "tracker" ? track(input) : new NotMapped(`no counterpart of ${category}`);
  },
};
