import { DimensionMismatchError } from "../errors.js";
import { cosine, type Vector } from "../internal/vector-math.js";
import { assertWholeNumber } from "../internal/whole-number.js";

export interface DedupDetectorOptions {
  /** Cosine from which two memories say the same. @defaultValue 0.95 */
  readonly similarityThreshold?: number | undefined;
  /** Most memories of one bank, the newest; 0 remembers nothing. @defaultValue 1000 */
  readonly maxEntriesPerBank?: number | undefined;
  /** Most banks, those stored into last. @defaultValue 1000 */
  readonly maxBanks?: number | undefined;
}

/**
 * A duplicate comes with the first memory at the threshold, which need not be the most similar; else `similarity` is the
 * highest that was found, 0 at least.
 */
export type DedupFinding =
  | { readonly duplicate: true; readonly similarity: number; readonly memoryId: string }
  | { readonly duplicate: false; readonly similarity: number };

interface Entry {
  readonly memoryId: string;
  readonly vector: Float64Array;
}

/** Remembers the vectors of what this process stored lately, to tell what is said twice. A restart forgets them. */
export class DedupDetector {
  readonly #similarityThreshold: number;
  readonly #maxEntriesPerBank: number;
  readonly #maxBanks: number;
  /** The least recently touched bank first. */
  readonly #banks = new Map<string, Entry[]>();

  /** @throws ConfigError when a cap is not a whole number of at least 0. */
  constructor({
    similarityThreshold = 0.95,
    maxEntriesPerBank = 1000,
    maxBanks = 1000,
  }: DedupDetectorOptions = {}) {
    assertWholeNumber("maxEntriesPerBank", maxEntriesPerBank);
    assertWholeNumber("maxBanks", maxBanks);
    this.#similarityThreshold = similarityThreshold;
    this.#maxEntriesPerBank = maxEntriesPerBank;
    this.#maxBanks = maxBanks;
  }

  /** Banks that are kept at the moment, at most `maxBanks`. */
  get size(): number {
    return this.#banks.size;
  }

  /** Remembers a vector by a copy. The same id may have several. */
  add(bankId: string, memoryId: string, vector: Vector): void {
    const entries = this.#touched(bankId) ?? [];
    entries.push({ memoryId, vector: Float64Array.from(vector) });
    if (entries.length > this.#maxEntriesPerBank) entries.shift();
    this.#banks.set(bankId, entries);
    for (const oldest of this.#banks.keys()) {
      if (this.#banks.size <= this.#maxBanks) break;
      this.#banks.delete(oldest);
    }
  }

  /**
   * Compares a vector with those of the bank, the oldest first.
   *
   * @throws DimensionMismatchError when a remembered vector that is reached has another length.
   */
  find(
    bankId: string,
    vector: Vector,
    threshold: number = this.#similarityThreshold,
  ): DedupFinding {
    let highest = 0;
    for (const { memoryId, vector: known } of this.#touched(bankId) ?? []) {
      if (known.length !== vector.length) {
        throw new DimensionMismatchError(
          `The duplicate check of bank '${bankId}'`,
          known.length,
          vector.length,
        );
      }
      const similarity = cosine(vector, known);
      if (similarity >= threshold) return { duplicate: true, similarity, memoryId };
      if (similarity > highest) highest = similarity;
    }
    return { duplicate: false, similarity: highest };
  }

  /** Forgets every vector of a memory; whether there was one. */
  remove(bankId: string, memoryId: string): boolean {
    const entries = this.#banks.get(bankId) ?? [];
    const kept = entries.filter((entry) => entry.memoryId !== memoryId);
    if (kept.length > 0) this.#banks.set(bankId, kept);
    else this.#banks.delete(bankId);
    return kept.length < entries.length;
  }

  /** Forgets a bank. */
  clear(bankId: string): void {
    this.#banks.delete(bankId);
  }

  /** The ids that are remembered of a bank, the oldest first. */
  entries(bankId: string): string[] {
    return (this.#banks.get(bankId) ?? []).map(({ memoryId }) => memoryId);
  }

  /** The entries of a bank, which moves to the end of the order in which banks are dropped. */
  #touched(bankId: string): Entry[] | undefined {
    const entries = this.#banks.get(bankId);
    if (entries === undefined) return undefined;
    this.#banks.delete(bankId);
    this.#banks.set(bankId, entries);
    return entries;
  }
}
