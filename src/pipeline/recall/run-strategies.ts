import { AstrocyteError } from "../../errors.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import type { RankedList } from "./fusion.js";
import { orderTies } from "./order-ties.js";
import { keyword } from "./strategies/keyword.js";
import { semantic } from "./strategies/semantic.js";
import type { Strategy, StrategyInput } from "./strategies/strategy.js";
import { temporal } from "./strategies/temporal.js";

/** In the order in which ties are broken. */
const strategies: Readonly<Record<string, Strategy>> = { semantic, keyword, temporal };

/** Recency says nothing about the question; at the weight of the others it would bury what answers it. */
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

async function run(
  pipeline: Pipeline,
  name: string,
  strategy: Strategy,
  input: StrategyInput,
): Promise<StrategyRun> {
  const weight = pipeline.options.strategyWeights?.[name] ?? defaultWeights[name] ?? 1;
  const start = pipeline.clock.monotonic();
  try {
    const items = orderTies(await strategy.search(pipeline, input));
    return { name, items, weight, milliseconds: pipeline.clock.monotonic() - start };
  } catch (error) {
    input.signal?.throwIfAborted();
    if (isMisuse(error)) throw error;
    pipeline.logger.warn("astrocyte.recall.strategy_failed", {
      strategy: name,
      error: error instanceof Error ? error.name : typeof error,
    });
    return { name, items: [], weight, milliseconds: 0, error };
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
  const runs = await Promise.all(
    Object.entries(strategies)
      .filter(([, strategy]) => strategy.applies(pipeline, input))
      .map(([name, strategy]) => run(pipeline, name, strategy, input)),
  );
  input.signal?.throwIfAborted();
  if (runs.length > 0 && runs.every(({ error }) => error !== undefined)) throw runs[0]?.error;
  return runs;
}
