import { RateLimitedError } from "astrocyte";
import { RateLimiter, type RateDecision } from "astrocyte/policy";
import { FakeClock } from "astrocyte/testing";
import * as z from "zod";
import { Corrected, Projection, type AreaRunner } from "../area-runner.js";
import { findDifference } from "../find-difference.js";

const stepSchema = z.object({
  op: z.enum(["check", "record", "check_and_record", "fill"]),
  t: z.number(),
  bank: z.string().default("b"),
  operation: z.string().default("retain"),
  count: z.int().default(0),
});
type Step = z.infer<typeof stepSchema>;
const inputSchema = z.object({ max_per_minute: z.number(), steps: z.array(stepSchema) });

/** Recorded times are decimal seconds; as milliseconds they are whole again. */
function millisecondsOf({ t }: Step): number {
  return Number((t * 1000).toFixed(6));
}

function outcomeOfDecision({ bank, operation }: Step, decision: RateDecision): unknown {
  if (decision.allowed) return { allowed: true };
  const { retryAfterMs } = decision;
  const { message } = new RateLimitedError(bank, operation, retryAfterMs);
  const retryAfter = retryAfterMs === undefined ? undefined : retryAfterMs / 1000;
  return { allowed: false, bank_id: bank, operation, message, retry_after: retryAfter };
}

function take(limiter: RateLimiter, { bank, operation }: Step): RateDecision {
  try {
    limiter.take(bank, operation);
    return { allowed: true };
  } catch (error) {
    if (!(error instanceof RateLimitedError)) throw error;
    return { allowed: false, retryAfterMs: error.retryAfterMs };
  }
}

function charge(limiter: RateLimiter, keys: readonly (readonly [string, string])[]): RateDecision {
  for (const [bank, operation] of keys) limiter.charge(bank, operation);
  return { allowed: true };
}

const operations = {
  check: (limiter: RateLimiter, { bank, operation }: Step) => limiter.peek(bank, operation),
  check_and_record: take,
  record: (limiter: RateLimiter, { bank, operation }: Step) => charge(limiter, [[bank, operation]]),
  fill: (limiter: RateLimiter, { count }: Step) =>
    charge(
      limiter,
      Array.from({ length: count }, (_, index) => [`fill-${index}`, "op"]),
    ),
};

function replay(maxPerMinute: number, steps: readonly Step[]): unknown {
  const clock = new FakeClock();
  let limiter: RateLimiter;
  try {
    clock.advance(steps[0] === undefined ? 0 : millisecondsOf(steps[0]));
    limiter = new RateLimiter({ maxPerMinute, clock });
  } catch (error) {
    return { error };
  }
  return {
    steps: steps.map((step) => {
      clock.advance(millisecondsOf(step) - clock.monotonic());
      return outcomeOfDecision(step, operations[step.op](limiter, step));
    }),
  };
}

/** Tokens nearer to a whole one than this are one; the rest is the rounding of sums of fractions. */
const rounding = 1e-9;

/**
 * The bucket of the contract in fractions of tokens, one for every pair of names, none ever dropped; and whether an answer
 * hung on a rounding.
 */
function exactOutcome(
  maxPerMinute: number,
  steps: readonly Step[],
): { expected: unknown; isTied: boolean } {
  const banks = new Map<string, Map<string, { tokens: number; at: number }>>();
  const rate = maxPerMinute / 60;
  let isTied = false;
  const outcomes = steps.map((step) => {
    const { bank, operation, t } = step;
    if (step.op === "fill") return { allowed: true };
    const buckets = banks.get(bank) ?? new Map<string, { tokens: number; at: number }>();
    banks.set(bank, buckets);
    const bucket = buckets.get(operation) ?? { tokens: maxPerMinute, at: t };
    buckets.set(operation, bucket);
    bucket.tokens = Math.min(maxPerMinute, bucket.tokens + (t - bucket.at) * rate);
    bucket.at = t;
    const isAllowed = bucket.tokens >= 1 - rounding;
    isTied ||= Math.abs(bucket.tokens - 1) < rounding;
    if (step.op === "record") bucket.tokens = Math.max(0, bucket.tokens - 1);
    if (step.op === "check_and_record" && isAllowed) bucket.tokens -= 1;
    if (isAllowed || step.op === "record") return { allowed: true };
    const retryAfter = rate === 0 ? undefined : (1 - bucket.tokens) / rate;
    const retryAfterMs = retryAfter === undefined ? undefined : retryAfter * 1000;
    return outcomeOfDecision(step, { allowed: false, retryAfterMs });
  });
  return { expected: { steps: outcomes }, isTied };
}

/** Why the recorded outcome is not ours, from the input alone. */
function reasonToDiffer(
  maxPerMinute: number,
  steps: readonly Step[],
  isTied: boolean,
): string | undefined {
  if (maxPerMinute === 0) return "POL-3: a limiter of 0 refuses everything";
  if (steps.some(({ op, count }) => op === "fill" && count >= 9_999)) {
    return "04 section 2: dropping a bucket that is not full would reset its limit";
  }
  if (steps.some(({ bank, operation }) => `${bank}${operation}`.includes(":"))) {
    return "POL-4: names with a colon do not share a bucket";
  }
  return isTied
    ? "04 section 2: a token is there when it is due, whatever the rounding"
    : undefined;
}

const refusals = z.object({
  steps: z.array(
    z.looseObject({ message: z.string().optional(), retry_after: z.number().nullish() }),
  ),
});

/** Half a tenth of a second is printed either way, as its sum of fractions falls; messages are compared without it. */
function withoutTiedFigures(outcome: unknown): unknown {
  const parsed = refusals.safeParse(outcome);
  if (!parsed.success) return outcome;
  const steps = parsed.data.steps.map((step) => {
    const tenths = (step.retry_after ?? 0) * 10;
    const isTied = Math.abs(tenths - Math.floor(tenths) - 0.5) < 1e-6;
    return isTied ? { ...step, message: step.message?.replace(/[\d.]+s\)$/, "…s)") } : step;
  });
  return { steps };
}

/** The token bucket by itself. */
export const rateLimiter: AreaRunner = {
  area: "homeostasis_rate_limiter",
  run: ({ input, expected }) => {
    const { max_per_minute: maxPerMinute, steps } = inputSchema.parse(input);
    const actual = replay(maxPerMinute, steps);
    if (maxPerMinute < 0 || !Number.isInteger(maxPerMinute)) {
      const error = { class: "ConfigError" };
      return new Corrected(actual, { error }, "04 section 2: an impossible limit is refused");
    }
    const { expected: exact, isTied } = exactOutcome(maxPerMinute, steps);
    const [ours, recorded, corrected] = [actual, expected, exact].map(withoutTiedFigures);
    const reason = reasonToDiffer(maxPerMinute, steps, isTied);
    return reason === undefined || findDifference(corrected, recorded) === undefined
      ? new Projection(ours, recorded)
      : new Corrected(ours, corrected, reason);
  },
};
