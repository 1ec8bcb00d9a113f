import type { TimeRange } from "../../dto/timestamp.js";
import type { Clock } from "../../clock.js";
import type { Logger } from "../../logger.js";
import { addUsage, noUsage, type ModelOutcome, type ModelUsage } from "../llm/ask-model.js";
import { HitExplanations } from "./hit-explanations.js";

export interface RecallLogParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether every hit is to be explained; otherwise neither explanations nor timings are kept. */
  readonly explain: boolean;
}

/** What one recall notes about itself: which stages failed, what models cost and, when asked, why the hits stand where they do. */
export class RecallLog {
  readonly explanations: HitExplanations | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #timingsMs = new Map<string, number>();
  readonly #failures: string[] = [];
  #usage: ModelUsage = noUsage;
  /** Whether something that was to search or to order failed, so that asking again may give more. */
  isPartial = false;
  /** The time that the query asks about. */
  timeRange: TimeRange | undefined;

  constructor({ clock, logger, explain }: RecallLogParts) {
    this.#clock = clock;
    this.#logger = logger;
    this.explanations = explain ? new HitExplanations() : undefined;
  }

  /** What models took; undefined when none was asked. */
  get usage(): ModelUsage | undefined {
    return this.#usage.calls === 0 ? undefined : this.#usage;
  }

  /** What the trace says beside the strategies. */
  get trace() {
    return {
      ...(this.#failures.length === 0 ? {} : { failures: [...this.#failures] }),
      ...(this.timeRange === undefined ? {} : { timeRange: this.timeRange }),
      ...(this.explanations === undefined
        ? {}
        : { stageTimingsMs: Object.fromEntries(this.#timingsMs) }),
    };
  }

  /** Runs a stage; a name that comes again adds to its time. */
  async stage<Result>(name: string, run: () => Promise<Result> | Result): Promise<Result> {
    if (this.explanations === undefined) return run();
    const start = this.#clock.monotonic();
    try {
      return await run();
    } finally {
      const milliseconds = this.#clock.monotonic() - start;
      this.#timingsMs.set(name, (this.#timingsMs.get(name) ?? 0) + milliseconds);
    }
  }

  /** A stage that was left out, which never fails the recall. */
  fail(stage: string, error: unknown): void {
    const name = error instanceof Error ? error.name : typeof error;
    this.failByName(stage, name);
  }

  failByName(stage: string, error: string): void {
    this.isPartial = true;
    this.#failures.push(`${stage}: ${error}`);
    this.#logger.warn("astrocyte.recall.stage_failed", { stage, error });
  }

  /** Counts what a model took, notes its failure, and gives its value. */
  take<Value>(stage: string, { value, usage, failure }: ModelOutcome<Value>): Value {
    this.addUsage(usage);
    if (failure !== undefined) this.failByName(stage, failure);
    return value;
  }

  /** A log for a part of the recall whose hits are not explained on their own; {@link absorb} it afterwards. */
  forPart(): RecallLog {
    return new RecallLog({ clock: this.#clock, logger: this.#logger, explain: false });
  }

  absorb(part: RecallLog): void {
    this.isPartial ||= part.isPartial;
    this.#failures.push(...part.#failures);
    this.addUsage(part.#usage);
  }

  addUsage(usage: ModelUsage): void {
    this.#usage = addUsage(this.#usage, usage);
  }
}
