import {
  matchesFilters,
  timestampMs,
  toTimestamp,
  type Filterable,
  type VectorFilters,
} from "astrocyte";
import * as z from "zod";
import { findDifference } from "../../../find-difference.js";
import type { ReplayedStep } from "../replay.js";
import { secondsBefore } from "../scenario-clock.js";
import type { Rule } from "./rule.js";
import { settingOf } from "./settings.js";

const recallSchema = z.looseObject({ hits: z.array(z.looseObject({ id: z.string() })) });
const filtersSchema = z.looseObject({
  tags: z.array(z.string()).optional(),
  time_range: z.tuple([z.string(), z.string()]).optional(),
  as_of: z.string().optional(),
  session_id: z.string().optional(),
});
const retainSchema = z.looseObject({
  tags: z.array(z.string()).optional(),
  occurred_at: z.string().optional(),
  metadata: z.looseObject({ session_id: z.string().optional() }).optional(),
});
const retainedSchema = z.looseObject({ memory_id: z.string() });
const mostResults = 10;
const scriptStart = timestampMs(toTimestamp("2025-01-15T12:00:00Z"));

/** What a script says of each memory that it stored, by label. */
function storedBy(steps: readonly ReplayedStep[]): Map<string, Filterable> {
  const stored = new Map<string, Filterable>();
  let now = scriptStart;
  for (const [index, { step, recorded }] of steps.entries()) {
    now += secondsBefore(step, index) * 1000;
    const retained = retainedSchema.safeParse(recorded.result);
    const said = retainSchema.safeParse(step);
    if (step.op !== "retain" || !retained.success || !said.success) continue;
    const { tags, occurred_at: occurredAt, metadata } = said.data;
    const session = metadata?.session_id;
    stored.set(retained.data.memory_id, {
      tags,
      occurredAt: occurredAt === undefined ? undefined : toTimestamp(occurredAt),
      retainedAt: toTimestamp(now),
      ...(session === undefined ? {} : { metadata: { session_id: session } }),
    });
  }
  return stored;
}

/** Every hit satisfies every filter, and a memory without what a filter asks for does not; else only the ids are compared. */
export const centralFilters: Rule = (context, { actual, expected }) => {
  const { steps, replayed, index, scenario } = context;
  const { step, before } = replayed;
  const recorded = recallSchema.safeParse(expected.result);
  const own = recallSchema.safeParse(actual.result);
  const filters = filtersSchema.safeParse(step);
  if (step.op !== "recall" && step.op !== "history") return undefined;
  if (!recorded.success || !own.success || !filters.success) return undefined;
  const { tags, time_range: range, as_of: asOf, session_id: sessionId } = filters.data;
  const [first, last] = range ?? [];
  const wanted: VectorFilters = {
    tags,
    sessionId,
    asOf: asOf === undefined ? undefined : toTimestamp(asOf),
    timeRange:
      first === undefined || last === undefined
        ? undefined
        : [toTimestamp(first), toTimestamp(last)],
  };
  const stored = storedBy(steps.slice(0, index));
  const ids = recorded.data.hits.map(({ id }) => id);
  // Only a filter keeps a memory of a small bank out; which time was read from the query is not recorded.
  const isTimed =
    settingOf(scenario, "query_analyzer.enabled") === true &&
    range === undefined &&
    ids.length < Math.min(before.length, mostResults);
  const due = ids.filter((id) => {
    const memory = stored.get(id);
    if (memory === undefined) return true;
    return matchesFilters(memory, wanted) && !(isTimed && memory.occurredAt === undefined);
  });
  if (findDifference(due, ids) === undefined) return undefined;
  return {
    actual: { ...actual, result: own.data.hits.map(({ id }) => id).toSorted() },
    expected: { ...expected, result: due.toSorted() },
    reason: "D-10: every hit satisfies every filter, whichever search found it",
  };
};
