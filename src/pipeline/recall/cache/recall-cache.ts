import type { Clock } from "../../../clock.js";
import { ConfigError } from "../../../errors.js";
import { cosine, type Vector } from "../../../internal/vector-math.js";
import { assertWholeNumber } from "../../../internal/whole-number.js";

export interface RecallCacheOptions {
  readonly clock: Clock;
  /** Cosine from which two queries ask the same, in `(0, 1]`. @defaultValue 0.95 */
  readonly similarityThreshold?: number | undefined;
  /** Most results of one bank, those used last; of all banks together four times as many. @defaultValue 256 */
  readonly maxEntries?: number | undefined;
  /** @defaultValue 300000 */
  readonly timeToLiveMs?: number | undefined;
}

/** What must be equal for a result to be served again, beside the query's vector. */
export interface RecallCacheKey {
  readonly bankId: string;
  /** Everything else that a result depends on, as {@link recallScope} writes it. */
  readonly scope: string;
}

interface Entry<Value> extends RecallCacheKey {
  readonly vector: Float64Array;
  readonly value: Value;
  readonly storedAtMs: number;
}

const banksWorth = 4;

/**
 * Results of recalls by what was asked, for as long as they may be repeated. A cached value is served as it is, not copied: it
 * must not be changed by whoever gets it.
 */
export class RecallCache<Value> {
  readonly #clock: Clock;
  readonly #similarityThreshold: number;
  readonly #maxEntries: number;
  readonly #timeToLiveMs: number;
  /** The least recently used first. */
  readonly #entries = new Set<Entry<Value>>();
  #generation = 0;

  /** @throws ConfigError when the threshold, the cap or the time to live is out of range. */
  constructor({
    clock,
    similarityThreshold = 0.95,
    maxEntries = 256,
    timeToLiveMs = 300_000,
  }: RecallCacheOptions) {
    assertWholeNumber("maxEntries", maxEntries);
    if (!(similarityThreshold > 0 && similarityThreshold <= 1)) {
      throw new ConfigError(
        `similarityThreshold: expected a number above 0 and up to 1, got ${similarityThreshold}`,
      );
    }
    if (!(timeToLiveMs > 0)) {
      throw new ConfigError(`timeToLiveMs: expected more than 0, got ${timeToLiveMs}`);
    }
    this.#clock = clock;
    this.#similarityThreshold = similarityThreshold;
    this.#maxEntries = maxEntries;
    this.#timeToLiveMs = timeToLiveMs;
  }

  /** Entries of a bank or of all, with those that are out of date and not asked for since. */
  size(bankId?: string): number {
    if (bankId === undefined) return this.#entries.size;
    return this.#of(bankId).length;
  }

  /** The result of a query that is similar enough and has the same key. */
  get(key: RecallCacheKey, vector: Vector): Value | undefined {
    const now = this.#clock.monotonic();
    for (const entry of this.#of(key.bankId)) {
      if (now - entry.storedAtMs >= this.#timeToLiveMs) this.#entries.delete(entry);
      else if (this.#answers(entry, key, vector)) {
        this.#entries.delete(entry);
        this.#entries.add(entry);
        return entry.value;
      }
    }
    return undefined;
  }

  /** Keeps a result, by a copy of the vector, in place of what was kept for the same question. */
  put(key: RecallCacheKey, vector: Vector, value: Value): void {
    for (const entry of this.#of(key.bankId)) {
      if (this.#answers(entry, key, vector)) this.#entries.delete(entry);
    }
    this.#entries.add({
      bankId: key.bankId,
      scope: key.scope,
      vector: Float64Array.from(vector),
      value,
      storedAtMs: this.#clock.monotonic(),
    });
    const ofBank = this.#of(key.bankId);
    for (const entry of ofBank.slice(0, Math.max(0, ofBank.length - this.#maxEntries))) {
      this.#entries.delete(entry);
    }
    for (const entry of this.#entries) {
      if (this.#entries.size <= this.#maxEntries * banksWorth) break;
      this.#entries.delete(entry);
    }
  }

  /** Forgets a bank's results; after every retain and forget there. */
  invalidate(bankId: string): void {
    for (const entry of this.#of(bankId)) this.#entries.delete(entry);
  }

  /** How often everything was forgotten: what was asked for before may not be kept after. */
  get generation(): number {
    return this.#generation;
  }

  clear(): void {
    this.#generation += 1;
    this.#entries.clear();
  }

  #of(bankId: string): Entry<Value>[] {
    return [...this.#entries].filter((entry) => entry.bankId === bankId);
  }

  #answers(entry: Entry<Value>, { scope }: RecallCacheKey, vector: Vector): boolean {
    // Vectors of another length are of another model.
    return (
      entry.scope === scope &&
      entry.vector.length === vector.length &&
      cosine(entry.vector, vector) >= this.#similarityThreshold
    );
  }
}
