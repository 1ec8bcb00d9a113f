import * as z from "zod";
import { formatIssues } from "../../../dto/parse.js";
import { ConfigError } from "../../../errors.js";

const modes = ["parallel", "cascade", "first_match"] as const;

/**
 * How several banks are recalled from: `parallel` asks all at once, `cascade` one after the other until there is enough,
 * `first_match` until one has anything.
 */
export type MultiBankMode = (typeof modes)[number];

export const multiBankStrategySchema = z.object({
  mode: z.enum(modes).default("parallel"),
  /** Memories after which a cascade asks no further bank. */
  minResultsToStop: z.int().default(3),
  /** Banks to ask first, in this order; those that were not asked for are skipped. */
  cascadeOrder: z.array(z.string()).optional(),
  /** What a bank's scores are multiplied with; 1 where it is missing. */
  bankWeights: z.record(z.string(), z.number()).optional(),
  /** Whether a text that several banks hold is returned once. */
  dedupAcrossBanks: z.boolean().default(true),
});
export type MultiBankStrategy = z.output<typeof multiBankStrategySchema>;

/** A mode's name, a strategy, or nothing for `parallel`. */
export type MultiBankStrategyInput = MultiBankMode | z.input<typeof multiBankStrategySchema>;

/** @throws ConfigError that names the key, when the mode is unknown or a value has the wrong type. */
export function resolveMultiBankStrategy(
  strategy: MultiBankStrategyInput | undefined,
): MultiBankStrategy {
  const parsed = multiBankStrategySchema.safeParse(
    typeof strategy === "string" ? { mode: strategy } : (strategy ?? {}),
  );
  if (parsed.success) return parsed.data;
  throw new ConfigError(`multi-bank strategy: ${formatIssues(parsed.error)}`, {
    cause: parsed.error,
  });
}
