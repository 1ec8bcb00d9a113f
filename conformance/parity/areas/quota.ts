import { QuotaTracker } from "astrocyte/policy";
import { FakeClock } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, type AreaRunner } from "../area-runner.js";

const stepSchema = z.object({
  op: z.enum(["check", "record", "get_count"]),
  t: z.number(),
  bank: z.string().default("b"),
  operation: z.string().default("retain"),
  limit: z.number().nullish(),
});
type Step = z.infer<typeof stepSchema>;
const inputSchema = z.object({ steps: z.array(stepSchema) });

const operations = {
  check: (tracker: QuotaTracker, { bank, operation, limit }: Step) => ({
    allowed: tracker.check(bank, operation, limit ?? undefined),
  }),
  record: (tracker: QuotaTracker, { bank, operation }: Step) => {
    tracker.record(bank, operation);
    return {};
  },
  get_count: (tracker: QuotaTracker, { bank, operation }: Step) => ({
    count: tracker.count(bank, operation),
  }),
};

function replay(steps: readonly Step[]): unknown {
  const clock = new FakeClock();
  const tracker = new QuotaTracker({ clock });
  return {
    steps: steps.map((step) => {
      clock.set(step.t * 1000);
      return operations[step.op](tracker, step);
    }),
  };
}

/** Counts every record of the latest day seen so far. */
function expectedSteps(steps: readonly Step[]): unknown {
  const dayOf = (upTo: number) =>
    Math.max(...steps.slice(0, upTo + 1).map(({ t }) => Math.floor(t / 86_400)));
  const outcomes = steps.map((step, index) => {
    const count = steps.filter(
      ({ op, bank, operation }, other) =>
        other < index &&
        op === "record" &&
        bank === step.bank &&
        operation === step.operation &&
        dayOf(other) === dayOf(index),
    ).length;
    if (step.op === "record") return {};
    if (step.op === "get_count") return { count };
    return { allowed: count < (step.limit ?? Number.POSITIVE_INFINITY) };
  });
  return { steps: outcomes };
}

/** Daily quotas. */
export const quota: AreaRunner = {
  area: "homeostasis_quota",
  run: ({ input }) => {
    const { steps } = inputSchema.parse(input);
    const goesBack = steps.some(
      ({ t }, index) => Math.floor(t / 86_400) < Math.floor((steps[index - 1]?.t ?? t) / 86_400),
    );
    const actual = replay(steps);
    return goesBack
      ? new Corrected(
          actual,
          expectedSteps(steps),
          "POL-5: setting the clock back gives no fresh quota",
        )
      : actual;
  },
};
