import * as z from "zod";

export const cacheScript = z.object({
  config: z.object({
    similarity_threshold: z.number().default(0.95),
    max_entries: z.int().default(256),
    ttl_seconds: z.number().default(300),
  }),
  steps: z.array(
    z.object({
      op: z.enum(["put", "get", "invalidate", "invalidate_all", "size"]),
      bank: z.string().optional(),
      t: z.number(),
      vector: z.array(z.number()).default([]),
      value: z.unknown().optional(),
    }),
  ),
});
export type CacheScript = z.infer<typeof cacheScript>;

interface Entry {
  readonly bank: string;
  readonly vector: readonly number[];
  readonly value: unknown;
  readonly at: number;
}

function isSame(a: readonly number[], b: readonly number[], threshold: number): boolean {
  const length = Math.hypot(...a) * Math.hypot(...b);
  if (a.length !== b.length || length === 0) return false;
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0) / length >= threshold;
}

export interface ExpectedCache {
  readonly steps: readonly unknown[];
  /** Why the rows differ from the reference's. */
  readonly reasons: ReadonlySet<string>;
}

/** What a cache has to answer that replaces the result of a question and takes no notice of another model's vectors. */
export function expectCache({ config, steps }: CacheScript): ExpectedCache {
  const reasons = new Set<string>();
  let entries: Entry[] = [];
  const rows = steps.map(({ op, bank = "", t, vector, value }) => {
    const ofBank = entries.filter((entry) => entry.bank === bank);
    const same = ofBank.filter((entry) =>
      isSame(entry.vector, vector, config.similarity_threshold),
    );
    if (
      (op === "put" || op === "get") &&
      ofBank.some((entry) => entry.vector.length !== vector.length)
    ) {
      reasons.add("05 section 11: a vector of another model is no match");
    }
    switch (op) {
      case "put": {
        if (same.length > 0) reasons.add("05 section 11: a newer result replaces the older one");
        entries = [
          ...entries.filter((entry) => !same.includes(entry)),
          { bank, vector, value, at: t },
        ];
        const surplus = entries
          .filter((entry) => entry.bank === bank)
          .slice(0, -config.max_entries);
        entries = entries
          .filter((entry) => !surplus.includes(entry))
          .slice(-4 * config.max_entries);
        return {};
      }
      case "get": {
        // Everything before the hit is looked at, and what is out of date goes.
        const live = ofBank.filter((entry) => t - entry.at < config.ttl_seconds);
        const hit = live.find((entry) => same.includes(entry));
        const reached = hit === undefined ? ofBank : ofBank.slice(0, ofBank.indexOf(hit));
        entries = entries.filter((entry) => !reached.includes(entry) || live.includes(entry));
        if (hit === undefined) return { value: null };
        entries = [...entries.filter((entry) => entry !== hit), hit];
        return { value: hit.value };
      }
      case "invalidate":
        entries = entries.filter((entry) => entry.bank !== bank);
        return {};
      case "invalidate_all":
        entries = [];
        return {};
      case "size":
        return { size: bank === "" ? entries.length : ofBank.length };
      default:
        return op satisfies never;
    }
  });
  return { steps: rows, reasons };
}
