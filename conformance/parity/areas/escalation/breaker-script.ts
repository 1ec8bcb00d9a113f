import * as z from "zod";

/** A recorded script. Answers carry no call that they belong to, since the reference has no such thing. */
export const breakerScriptSchema = z.object({
  config: z.object({
    failure_threshold: z.number(),
    half_open_max_calls: z.number(),
    recovery_timeout_seconds: z.number(),
  }),
  steps: z.array(
    z.object({
      op: z.enum(["check", "success", "failure", "state", "is_open", "reset"]),
      t: z.number(),
      provider: z.string().optional(),
    }),
  ),
});
export type BreakerScript = z.infer<typeof breakerScriptSchema>;
export type BreakerStep = BreakerScript["steps"][number];

/** The provider of the recorded checks. */
export const recordedProvider = "p";

/** What is compared after a step. */
export interface BreakerRow {
  readonly state: string;
  readonly failure_count: number;
  /** Left out while the circuit is open: the reference then still has the number of the last trial period. */
  readonly half_open_calls?: number | undefined;
  readonly allowed?: boolean | undefined;
  readonly message?: string | undefined;
  readonly is_open?: boolean | undefined;
}

export function isUsableConfig({ config }: BreakerScript): boolean {
  return (
    Number.isInteger(config.failure_threshold) &&
    config.failure_threshold >= 1 &&
    Number.isInteger(config.half_open_max_calls) &&
    config.half_open_max_calls >= 1 &&
    Number.isFinite(config.recovery_timeout_seconds) &&
    config.recovery_timeout_seconds > 0
  );
}
