import {
  analyseQuery,
  hasTemporalMarker,
  parseTimeRangeAnswer,
  resolveQueryTime,
  type QueryTime,
} from "astrocyte/pipeline";
import { ProviderUnavailableError, toTimestamp } from "astrocyte";
import { createScriptedLLM } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, Projection, type AreaRunner } from "../area-runner.js";
import { correctedQueryTime } from "./temporal/corrected-query-time.js";
import { canonical, offsetMinutesOf } from "./temporal/instants.js";

const queryInput = z.object({
  query: z.string(),
  reference: z.string(),
  temporal_expansion: z.boolean(),
});
const fallbackInput = z.object({
  query: z.string(),
  reference: z.string(),
  llm_response: z.string().nullable(),
});
const recordedRange = z.object({ start: z.string().nullable(), end: z.string().nullable() });
const recordedError = z.object({ error: z.unknown() });

function endsOf(value: QueryTime | undefined) {
  return { start: value?.start ?? null, end: value?.end ?? null };
}

function recordedEnds(expected: unknown) {
  const { start, end } = recordedRange.parse(expected);
  return { start: canonical(start), end: canonical(end) };
}

function analyse(input: unknown, expected: unknown): Projection | Corrected {
  const { query, reference, temporal_expansion: expansion } = queryInput.parse(input);
  const offsetMinutes = offsetMinutesOf(reference);
  const actual = endsOf(
    analyseQuery(query, {
      anchor: toTimestamp(reference),
      expansion,
      utcOffsetMinutes: offsetMinutes,
    }),
  );
  if (recordedError.safeParse(expected).success) {
    const reason = "05 §8: a date out of range gives no constraint";
    return new Corrected(actual, { start: null, end: null }, reason);
  }
  const recorded = recordedEnds(expected);
  const correction = correctedQueryTime({ query, offsetMinutes, recorded, expansion });
  return correction === undefined
    ? new Projection(actual, recorded)
    : new Corrected(actual, correction.expected, correction.reason);
}

function parseAnswer(input: unknown, expected: unknown): Projection | Corrected {
  const actual = endsOf(parseTimeRangeAnswer(z.object({ raw: z.string() }).parse(input).raw));
  const { start, end } = recordedEnds(expected);
  return start !== null && end !== null && start > end
    ? new Corrected(actual, { start: end, end: start }, "05 §8: a range has its earlier end first")
    : new Projection(actual, { start, end });
}

async function fallBack(input: unknown, expected: unknown): Promise<Projection> {
  const { query, reference, llm_response: answer } = fallbackInput.parse(input);
  const llm = createScriptedLLM({ responses: [answer ?? new ProviderUnavailableError("llm")] });
  const { value, calls } = await resolveQueryTime(query, {
    anchor: toTimestamp(reference),
    expansion: false,
    llm,
  });
  const { llm_calls: recordedCalls } = z.object({ llm_calls: z.int() }).parse(expected);
  return new Projection(
    { ...endsOf(value), calls, asked: llm.calls.length },
    { ...recordedEnds(expected), calls: recordedCalls, asked: recordedCalls },
  );
}

/** The time that a query asks about; the rationale is not part of the contract. */
export const queryAnalyzer: AreaRunner = {
  area: "query_analyzer",
  run: ({ fn = "", category, input, expected }) => {
    if (category === "llm_fallback") return fallBack(input, expected);
    switch (fn) {
      case "_has_temporal_marker":
        return {
          has_marker: hasTemporalMarker(z.object({ query: z.string() }).parse(input).query),
        };
      case "_parse_llm_response":
        return parseAnswer(input, expected);
      default:
        return analyse(input, expected);
    }
  },
};
