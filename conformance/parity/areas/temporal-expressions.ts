import {
  expandTemporalExpression,
  extractTemporalHints,
  parseDayRange,
  rangeOfTemporalFacts,
  resolveTemporalFacts,
  temporalMetadata,
} from "astrocyte/pipeline";
import { toTimestamp } from "astrocyte";
import * as z from "zod";
import { Corrected, Projection, type AreaRunner } from "../area-runner.js";
import { correctedExpansion } from "./temporal/corrected-query-time.js";
import { canonical } from "./temporal/instants.js";

const outOfRange = "05 §8: a date out of range gives no constraint";
const pair = z.tuple([z.string(), z.string()]).nullable();
const recordedError = z.object({ error: z.unknown() });

const canonicalPair = (range: z.infer<typeof pair>) =>
  range === null ? null : range.map((end) => canonical(end));

function expand(input: unknown, expected: unknown): Projection | Corrected {
  const { query, anchor } = z.object({ query: z.string(), anchor: z.string() }).parse(input);
  const actual = expandTemporalExpression(query, toTimestamp(anchor)) ?? null;
  if (recordedError.safeParse(expected).success) return new Corrected(actual, null, outOfRange);
  const recorded = canonicalPair(z.object({ result: pair }).parse(expected).result);
  const [start = null, end = null] = recorded ?? [];
  const correction = correctedExpansion(query, { start, end });
  return correction === undefined
    ? new Projection(actual, recorded)
    : new Corrected(
        actual,
        [correction.expected.start, correction.expected.end],
        correction.reason,
      );
}

const factsResult = z.object({
  facts: z.array(z.unknown()),
  metadata: z.record(z.string(), z.string()),
  query_range: pair,
});

function resolve(input: unknown, expected: unknown): Projection | Corrected {
  const { text, anchor } = z
    .object({ text: z.string(), anchor: z.string().nullable() })
    .parse(input);
  const facts = resolveTemporalFacts(text, canonical(anchor) ?? undefined);
  const actual = {
    facts: facts.map(({ phrase, resolvedDate, granularity, anchorDate }) => ({
      phrase,
      resolved_date: resolvedDate,
      granularity,
      anchor_date: anchorDate,
    })),
    metadata: temporalMetadata(facts),
    query_range: rangeOfTemporalFacts(facts) ?? null,
  };
  if (recordedError.safeParse(expected).success) {
    return new Corrected(actual, { facts: [], metadata: {}, query_range: null }, outOfRange);
  }
  const { result } = z.object({ result: factsResult }).parse(expected);
  return new Projection(actual, { ...result, query_range: canonicalPair(result.query_range) });
}

function readDayRange(input: unknown, expected: unknown): Projection | Corrected {
  const actual = parseDayRange(z.object({ raw: z.unknown() }).parse(input).raw) ?? null;
  const range = canonicalPair(z.object({ range: pair }).parse(expected).range);
  const [start, end] = range ?? [];
  // Ends that were exchanged keep their times of day in the reference: the first has 23:59:59.
  if (start?.includes("T23:59:59") && end?.includes("T00:00:00")) {
    const whole = [start.replace("T23:59:59", "T00:00:00"), end.replace("T00:00:00", "T23:59:59")];
    return new Corrected(actual, whole, "a range of days covers its first and last day");
  }
  return new Projection(actual, range);
}

/** Vague expressions, hints, dates of relative expressions, and ranges of days. */
export const temporalExpressions: AreaRunner = {
  area: "temporal_expressions",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "hints": {
        const { query } = z.object({ query: z.string() }).parse(input);
        return { hints: extractTemporalHints(query).map(({ kind, phrase }) => [kind, phrase]) };
      }
      case "normalize":
        return resolve(input, expected);
      case "iso_range":
        return readDayRange(input, expected);
      default:
        return expand(input, expected);
    }
  },
};
