import type { Clock } from "../../../clock.js";
import { assertWholeNumber } from "../../../internal/whole-number.js";
import { memoryUtility, type MemoryUtility, type UtilityOptions } from "./memory-utility.js";

export interface UtilityTrackerOptions extends UtilityOptions {
  readonly clock: Clock;
  /** Most memories, those retained or recalled last. @defaultValue 10000 */
  readonly maxEntries?: number | undefined;
}

interface Use {
  readonly createdAtMs: number;
  readonly lastRecalledAtMs: number;
  readonly recallCount: number;
  readonly relevanceSum: number;
}

/** Remembers how memories are used, in this process only. */
export class UtilityTracker {
  readonly #clock: Clock;
  readonly #maxEntries: number;
  readonly #options: UtilityOptions;
  /** The least recently used first. */
  readonly #uses = new Map<string, Use>();

  /** @throws ConfigError when the cap is not a whole number of at least 1. */
  constructor({ clock, maxEntries = 10_000, ...options }: UtilityTrackerOptions) {
    assertWholeNumber("maxEntries", maxEntries, 1);
    this.#clock = clock;
    this.#maxEntries = maxEntries;
    this.#options = options;
  }

  /** Memories that are remembered at the moment, at most `maxEntries`. */
  get size(): number {
    return this.#uses.size;
  }

  /** Notes that a memory was retained. One that is known already keeps its history. */
  recordCreation(memoryId: string): void {
    const now = this.#clock.monotonic();
    const unused = { createdAtMs: now, lastRecalledAtMs: now, recallCount: 0, relevanceSum: 0 };
    this.#put(memoryId, this.#uses.get(memoryId) ?? unused);
  }

  /** @param relevance - In `[0, 1]`. */
  recordRecall(memoryId: string, relevance: number): void {
    const now = this.#clock.monotonic();
    const known = this.#uses.get(memoryId);
    this.#put(memoryId, {
      createdAtMs: known?.createdAtMs ?? now,
      lastRecalledAtMs: now,
      recallCount: (known?.recallCount ?? 0) + 1,
      relevanceSum: (known?.relevanceSum ?? 0) + relevance,
    });
  }

  recallCount(memoryId: string): number {
    return this.#uses.get(memoryId)?.recallCount ?? 0;
  }

  /** `undefined` for a memory that is not remembered. One that was never recalled counts as used when it was retained. */
  utility(memoryId: string): MemoryUtility | undefined {
    const use = this.#uses.get(memoryId);
    if (use === undefined) return undefined;
    const now = this.#clock.monotonic();
    const { createdAtMs, lastRecalledAtMs, recallCount, relevanceSum } = use;
    return memoryUtility(
      {
        lastRecalledSecondsAgo: (now - lastRecalledAtMs) / 1000,
        createdSecondsAgo: (now - createdAtMs) / 1000,
        recallCount,
        averageRelevance: recallCount === 0 ? 0 : relevanceSum / recallCount,
      },
      this.#options,
    );
  }

  /** For what was forgotten. */
  remove(memoryId: string): void {
    this.#uses.delete(memoryId);
  }

  clear(): void {
    this.#uses.clear();
  }

  #put(memoryId: string, use: Use): void {
    this.#uses.delete(memoryId);
    this.#uses.set(memoryId, use);
    for (const oldest of this.#uses.keys()) {
      if (this.#uses.size <= this.#maxEntries) break;
      this.#uses.delete(oldest);
    }
  }
}
