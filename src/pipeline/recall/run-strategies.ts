import { AstrocyteError } from "../../errors.js";
import type { Pipeline } from "../pipeline.js";
import type { Candidate } from "./candidate.js";
import type { RankedList } from "./fusion.js";
import { orderTies } from "./order-ties.js";
import type { Strategy, StrategyInput } from "./strategies/strategy.js";
import { weightOf, type StrategyName } from "./strategy-weights.js";

/** Strategies by name, in the order in which ties are broken. */
export type Strategies = readonly (readonly [name: StrategyName, strategy: Strategy])[];

export interface StrategyRun extends RankedList<Candidate> {
  readonly name: StrategyName;
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
  name: StrategyName,
  strategy: Strategy,
  input: StrategyInput,
): Promise<StrategyRun> {
  const weight = weightOf(pipeline, name, input);
  const start = pipeline.clock.monotonic();
  try {
    const found = await strategy.search(pipeline, input);
    // The contract keeps the order of the store among equals.
    const items = pipeline.options.preset === "reference" ? found : orderTies(found);
    return { name, items, weight, milliseconds: pipeline.clock.monotonic() - start };
  } catch (error) {
    input.signal?.throwIfAborted();
    if (isMisuse(error)) throw error;
    input.log.isPartial = true;
    pipeline.logger.warn("astrocyte.recall.strategy_failed", {
      strategy: name,
      error: error instanceof Error ? error.name : typeof error,
    });
    return { name, items: [], weight, milliseconds: 0, error };
  }
}

/** Asks all strategies that apply at the same time; one that fails yields nothing. */
export async function runStrategies(
  pipeline: Pipeline,
  strategies: Strategies,
  input: StrategyInput,
): Promise<StrategyRun[]> {
  const runs = strategies
    .filter(([, strategy]) => strategy.applies(pipeline, input))
    .map(([name, strategy]) => run(pipeline, name, strategy, input));
  const finished = await Promise.all(runs);
  input.signal?.throwIfAborted();
  return finished;
}
