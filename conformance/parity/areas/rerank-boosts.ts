import { timestampMs, toTimestamp } from "astrocyte";
import {
  applyBoosts,
  boostMultiplier,
  proofScore,
  recencyScore,
  temporalOverlapScore,
  type BoostOptions,
  type MemoryDates,
} from "astrocyte/pipeline";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";

const date = z.string().transform((text) => toTimestamp(text));
const instant = date.transform((timestamp) => timestampMs(timestamp));
const range = z
  .tuple([date, date])
  .nullable()
  .transform((pair) => pair ?? undefined);
const section = z
  .object({
    session_date: date.nullish(),
    occurred_start: date.nullish(),
    occurred_end: date.nullish(),
  })
  .nullable();
type Section = z.infer<typeof section>;

const recencyInput = z.object({
  now: instant,
  section_date: date.nullable(),
  window_days: z.number(),
});
const bandInput = z.object({ query_range: range, section });
const proofInput = z.object({ proof_count: z.number().nullable() });
const config = z
  .object({
    enabled: z.boolean().default(true),
    recency_alpha: z.number().optional(),
    temporal_alpha: z.number().optional(),
    proof_count_alpha: z.number().optional(),
    recency_window_days: z.number().optional(),
  })
  .nullable();
const situation = z.object({ config, now: instant, query_range: range });
const multiplierInput = situation.extend({
  proof_count: z.number().nullable(),
  section,
  section_date_override: date.nullable(),
});
const applyInput = situation.extend({
  hits: z.array(z.object({ document_id: z.string(), line_num: z.int(), rrf_score: z.number() })),
  proof_counts_of_d: z.record(z.string(), z.number()).nullable(),
  sections_of_d: z.record(z.string(), section),
});

function datesOf(found: Section | undefined): MemoryDates {
  return {
    saidAt: found?.session_date ?? undefined,
    occurredFrom: found?.occurred_start ?? undefined,
    occurredTo: found?.occurred_end ?? undefined,
  };
}

/** Undefined where the boosts are switched off, which is the caller's affair here. */
function optionsOf({
  config: configured,
  now,
  query_range: queryRange,
}: z.infer<typeof situation>): BoostOptions | undefined {
  if (configured?.enabled === false) return undefined;
  return {
    nowMs: now,
    queryRange,
    recencyAlpha: configured?.recency_alpha,
    temporalAlpha: configured?.temporal_alpha,
    proofAlpha: configured?.proof_count_alpha,
    recencyWindowDays: configured?.recency_window_days,
  };
}

async function recency(input: unknown): Promise<unknown> {
  const { now, section_date: said, window_days: windowDays } = recencyInput.parse(input);
  const outcome = await outcomeOf(() => recencyScore(said ?? undefined, now, windowDays));
  return windowDays > 0
    ? outcome
    : new Corrected(
        outcome,
        { error: { class: "ConfigError" } },
        "05 section 9.11: a window without days is refused",
      );
}

function multiplier(input: unknown): unknown {
  const parsed = multiplierInput.parse(input);
  const options = optionsOf(parsed);
  if (options === undefined) return { result: 1 };
  const proofCount = parsed.proof_count ?? undefined;
  const dates = datesOf(parsed.section);
  const override = parsed.section_date_override;
  // The override is the fact's own date, which the reference takes for recency alone.
  if (override === null) return { result: boostMultiplier({ ...dates, proofCount }, options) };
  const aged = boostMultiplier(
    { saidAt: override, proofCount },
    { ...options, queryRange: undefined },
  );
  const timed = boostMultiplier(dates, { ...options, recencyAlpha: 0, proofAlpha: 0 });
  return { result: aged * timed };
}

function apply(input: unknown): unknown {
  const parsed = applyInput.parse(input);
  const options = optionsOf(parsed);
  const hits = parsed.hits.map((hit, index) => ({ ...hit, score: hit.rrf_score, rank: index + 1 }));
  const boosted =
    options === undefined
      ? hits
      : applyBoosts(
          hits,
          ({ document_id: document, line_num: line }) =>
            document === "d"
              ? {
                  ...datesOf(parsed.sections_of_d[String(line)]),
                  proofCount: parsed.proof_counts_of_d?.[String(line)],
                }
              : {},
          options,
        );
  return {
    hits: boosted.map(({ document_id, line_num, score, rank }) => ({
      document_id,
      line_num,
      per_strategy_rank: { semantic: rank },
      rrf_score: score,
    })),
  };
}

/** Boosts by age, time and proofs. */
export const rerankBoosts: AreaRunner = {
  area: "rerank_boosts",
  run: ({ category, input }) => {
    switch (category) {
      case "recency":
        return recency(input);
      case "temporal_band": {
        const { section: found, query_range: queryRange } = bandInput.parse(input);
        return { result: temporalOverlapScore(datesOf(found), queryRange) };
      }
      case "proof":
        return { result: proofScore(proofInput.parse(input).proof_count ?? undefined) };
      case "multiplier":
        return multiplier(input);
      case "apply":
        return apply(input);
      default:
        return new NotMapped(`no counterpart of ${category}`);
    }
  },
};
