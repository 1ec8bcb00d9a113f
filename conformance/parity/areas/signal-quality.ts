import { cosine, DedupDetector } from "astrocyte/policy";
import * as z from "zod";
import { Corrected, NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";

const number = z.union([z.number(), z.nan(), z.literal([Infinity, -Infinity])]);
const vector = z.array(number);
const cosineInput = z.object({ a: vector, b: vector });
const dedupInput = z.object({
  config: z.object({
    similarity_threshold: z.number().optional(),
    max_cache_per_bank: z.number().optional(),
    max_banks: z.number().optional(),
  }),
  steps: z.array(
    z.object({
      op: z.enum(["add", "is_duplicate", "remove", "clear", "entries"]),
      bank: z.string(),
      id: z.string().default(""),
      vector: vector.default([]),
      threshold: z.number().nullish(),
    }),
  ),
});
type DedupInput = z.infer<typeof dedupInput>;
type Step = DedupInput["steps"][number];

/** The sum of products of unit vectors; `Math.hypot` neither overflows nor vanishes. */
function cosineOfUnits(a: readonly number[], b: readonly number[]): number {
  const [ours, theirs] = [Math.hypot(...a), Math.hypot(...b)];
  if (ours === 0 || theirs === 0) return 0;
  return a.reduce((sum, value, index) => sum + (value / ours) * ((b[index] ?? 0) / theirs), 0);
}

/** Whether finite components have a square that is beyond the number range, on either end. */
function squaresAreLost(values: readonly number[]): boolean {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  return (
    sizes.length > 0 &&
    sizes.every(Number.isFinite) &&
    (sizes.some((size) => size > 1e150) || sizes.every((size) => size < 1e-150))
  );
}

async function compare(input: unknown): Promise<unknown> {
  const { a, b } = cosineInput.parse(input);
  const actual = await outcomeOf(() => cosine(a, b));
  const finite = [...a, ...b].every(Number.isFinite);
  if (a.length === b.length && finite && (squaresAreLost(a) || squaresAreLost(b))) {
    const result = cosineOfUnits(a, b);
    return new Corrected(
      actual,
      { result },
      "04 section 6: no size of vector overflows or vanishes",
    );
  }
  return actual;
}

const operations = {
  add: (detector: DedupDetector, { bank, id, vector: added }: Step) => {
    detector.add(bank, id, added);
    return {};
  },
  is_duplicate: (detector: DedupDetector, { bank, vector: asked, threshold }: Step) => {
    const { duplicate, similarity } = detector.find(bank, asked, threshold ?? undefined);
    return { duplicate, similarity };
  },
  remove: (detector: DedupDetector, { bank, id }: Step) => ({
    removed: detector.remove(bank, id),
  }),
  clear: (detector: DedupDetector, { bank }: Step) => {
    detector.clear(bank);
    return {};
  },
  entries: (detector: DedupDetector, { bank }: Step) => ({ ids: detector.entries(bank) }),
};

async function detect({ config, steps }: DedupInput): Promise<unknown> {
  let detector: DedupDetector;
  try {
    detector = new DedupDetector({
      similarityThreshold: config.similarity_threshold,
      maxEntriesPerBank: config.max_cache_per_bank,
      maxBanks: config.max_banks,
    });
  } catch (error) {
    return { error };
  }
  const outcomes: unknown[] = [];
  for (const step of steps) {
    const outcome = await outcomeOf(() => operations[step.op](detector, step));
    outcomes.push("error" in outcome ? outcome : outcome.result);
  }
  return { steps: outcomes };
}

function expectedOfNothing({ op }: Step): unknown {
  if (op === "is_duplicate") return { duplicate: false, similarity: 0 };
  if (op === "entries") return { ids: [] };
  return op === "remove" ? { removed: false } : {};
}

async function findDuplicates(input: unknown): Promise<unknown> {
  const parsed = dedupInput.parse(input);
  const actual = await detect(parsed);
  const { max_cache_per_bank: cap = 1 } = parsed.config;
  if (cap < 0) {
    const error = { class: "ConfigError" };
    return new Corrected(actual, { error }, "04 section 6: an impossible cap is refused");
  }
  if (cap > 0) return actual;
  const steps = parsed.steps.map(expectedOfNothing);
  return new Corrected(actual, { steps }, "04 section 6: a cap of 0 keeps nothing");
}

/** Similarity of vectors, and the duplicates found by it. */
export const signalQuality: AreaRunner = {
  area: "signal_quality",
  run: ({ fn = "this function", input }) => {
    if (fn === "cosine_similarity") return compare(input);
    return fn === "DedupDetector"
      ? findDuplicates(input)
      : new NotMapped(`no counterpart of ${fn}`);
  },
};
