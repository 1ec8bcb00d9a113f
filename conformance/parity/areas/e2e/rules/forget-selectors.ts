import { toTimestamp } from "astrocyte";
import * as z from "zod";
import type { ReplayedStep } from "../replay.js";
import type { Rule } from "./rule.js";

const retainSchema = z.looseObject({
  tags: z.array(z.string()).default([]),
  occurred_at: z.string().optional(),
});
const retainedSchema = z.looseObject({ memory_id: z.string() });
const selectorsSchema = z.looseObject({
  tags: z.array(z.string()).optional(),
  before_date: z.string().optional(),
});

/** The memories that a script stored with these tags and before that time, by label. */
function selected(steps: readonly ReplayedStep[], step: unknown): Set<string> {
  const { tags, before_date: before } = selectorsSchema.parse(step);
  if (tags === undefined && before === undefined) return new Set();
  const labels = steps.flatMap(({ step: earlier, recorded }) => {
    const retained = retainedSchema.safeParse(recorded.result);
    if (earlier.op !== "retain" || !retained.success) return [];
    const { tags: held, occurred_at: happened } = retainSchema.parse(earlier);
    const hasTag = tags === undefined || tags.some((tag) => held.includes(tag));
    const isEarlier =
      before === undefined ||
      // Canonical timestamps compare as text.
      (happened !== undefined && toTimestamp(happened) < toTimestamp(before));
    return hasTag && isEarlier ? [retained.data.memory_id] : [];
  });
  return new Set(labels);
}

/** The pipeline forgets by tags and by time too; without a selector it forgets nothing. */
export const forgetSelectors: Rule = (context, { actual, expected }) => {
  const { steps, replayed, index, scenario } = context;
  const isRefused = expected.error?.class === "CapabilityNotSupported";
  if (replayed.step.op !== "forget" || !isRefused || scenario.setup.backend !== "pipeline") {
    return undefined;
  }
  const wanted = selected(steps.slice(0, index), replayed.step);
  const deleted = replayed.before.filter(({ label }) => wanted.has(label)).length;
  const result = { deleted_count: deleted, archived_count: 0 };
  return {
    actual,
    expected: { ...expected, error: undefined, result },
    reason: "05 section 3: the pipeline forgets by tags and by time too",
  };
};
