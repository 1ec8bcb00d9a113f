import type { Completion, ModelUsage } from "../../dto/llm.js";
import type { Logger } from "../../logger.js";
import { addUsage, noUsage, type ModelOutcome } from "../llm/ask-model.js";

/** What one reflect notes about itself: what its models cost, and which stages failed. */
export class ReflectLog {
  readonly #logger: Logger;
  readonly #bankId: string;
  #usage: ModelUsage = noUsage;

  constructor(logger: Logger, bankId: string) {
    this.#logger = logger;
    this.#bankId = bankId;
  }

  /** What all model calls took so far; undefined when there was none. */
  get usage(): ModelUsage | undefined {
    return this.#usage.calls === 0 ? undefined : this.#usage;
  }

  addUsage(usage: ModelUsage | undefined): void {
    if (usage !== undefined) this.#usage = addUsage(this.#usage, usage);
  }

  /** Counts a model call, and its tokens when the provider tells them. */
  addCall({ usage }: Completion): void {
    const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
    this.addUsage({ calls: 1, inputTokens, outputTokens });
  }

  /** A stage that was left out, which does not fail the reflect. */
  fail(stage: string, error: unknown): void {
    this.failByName(stage, error instanceof Error ? error.name : typeof error);
  }

  failByName(stage: string, error: string): void {
    this.#logger.warn("astrocyte.reflect.stage_failed", { bank_id: this.#bankId, stage, error });
  }

  /** Counts what a stage took, notes its failure, and gives its value. */
  take<Value>(stage: string, { value, usage, failure }: ModelOutcome<Value>): Value {
    this.addUsage(usage);
    if (failure !== undefined) this.failByName(stage, failure);
    return value;
  }
}
