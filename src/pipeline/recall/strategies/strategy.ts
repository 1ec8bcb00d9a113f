import type { Pipeline } from "../../pipeline.js";
import type { Candidate } from "../candidate.js";
import type { QueryIntent } from "../intent/query-intent.js";
import type { RecallLog } from "../recall-log.js";
import type { Wanted } from "../wanted.js";

/** What every strategy is asked: the same question, under the same filters. */
export interface StrategyInput extends Wanted {
  readonly query: string;
  readonly queryVector: readonly number[] | undefined;
  readonly intent: QueryIntent;
  readonly bankId: string;
  /** Most candidates to return. */
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
  readonly log: RecallLog;
}

/** One way to find memories. */
export interface Strategy {
  /** Whether the brain has what the strategy needs, and the question asks for it. */
  applies(pipeline: Pipeline, input: StrategyInput): boolean;
  /** Candidates that satisfy the filters, best first. */
  search(pipeline: Pipeline, input: StrategyInput): Promise<Candidate[]>;
}
