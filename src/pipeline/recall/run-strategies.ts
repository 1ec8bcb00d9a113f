import { AstrocyteError } from "../../errors.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import type { RankedList } from "./fusion.js";
import { keyword } from "./strategies/keyword.js";
import { semantic } from "./strategies/semantic.js";
import type { StrategyInput } from "./strategies/strategy.js";
import { temporal } from "./strategies/temporal.js";

/** In the order in which ties are broken. */
const strategies = { semantic, keyword, temporal };

/** Recency says nothing about the question, so it only decides between memories that answer it about equally well. */
const defaultWeights: Readonly<Record<string, number>> = { temporal: 0.1 };

export interface StrategyRun extends RankedList<Candidate> {
  readonly milliseconds: number;
  /** Why the strategy gave nothing; a failing one never fails the recall. */
  readonly error?: unknown;
}

/** Errors that no retry and no other strategy heals: hiding them would hide a mistake of the host. */
function isMisuse(error: unknown): boolean {
  return (
    AstrocyteError.isInstance(error) &&
    (error.code === "ASTROCYTE_DIMENSION_MISMATCH" ||
      error.code === "ASTROCYTE_CLOSED" ||
      error.code === "ASTROCYTE_INVALID_ARGUMENT")
  );
}

async function timed(
  pipeline: Pipeline,
  name: string,
  run: Promise<Candidate[]>,
): Promise<StrategyRun> {
  const start = pipeline.clock.monotonic();
  try {
    const items = await run;
    const weight = pipeline.options.strategyWeights?.[name] ?? defaultWeights[name] ?? 1;
    return { name, items, weight, milliseconds: pipeline.clock.monotonic() - start };
  } catch (error) {
    if (isMisuse(error)) throw error;
    pipeline.logger.warn("astrocyte.recall.strategy_failed", {
      strategy: name,
      error: error instanceof Error ? error.name : typeof error,
    });
    return { name, items: [], milliseconds: 0, error };
  }
}

/**
 * Asks all strategies that apply at the same time. One that fails yields nothing; when all fail, the first error is thrown,
 * since an outage must not look like an empty memory.
 *
 * @throws DimensionMismatchError when the query's vector does not fit the store.
 */
export async function runStrategies(
  pipeline: Pipeline,
  input: StrategyInput,
): Promise<StrategyRun[]> {
  const pending: Promise<StrategyRun>[] = [];
  for (const [name, strategy] of Object.entries(strategies)) {
    const run = strategy(pipeline, input);
    if (run !== undefined) pending.push(timed(pipeline, name, run));
  }
  const runs = await Promise.all(pending);
  input.signal?.throwIfAborted();
  if (runs.length > 0 && runs.every((run) => run.error !== undefined)) throw runs[0]?.error;
  return runs;
}
