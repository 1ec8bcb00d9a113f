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
  readonly norms: Norms;
}

/** The length of a whole vector and of all but its first quarter. */
interface Norms {
  readonly whole: number;
  readonly tail: number;
}

function headLengthOf(length: number): number {
  return Math.ceil(length / 4);
}

function normsOf(vector: Vector): Norms {
  const headLength = headLengthOf(vector.length);
  let head = 0;
  let tail = 0;
  for (let index = 0; index < vector.length; index += 1) {
    const square = (vector[index] ?? 0) ** 2;
    if (index < headLength) head += square;
    else tail += square;
  }
  return { whole: Math.sqrt(head + tail), tail: Math.sqrt(tail) };
}

/** Whether squares and products of the components neither overflow nor vanish. */
function isOrdinary({ whole }: Norms): boolean {
  return whole > 1e-60 && whole < 1e60;
}

/**
 * Whether the first quarter of two vectors shows that their cosine is below a threshold, whatever the rest is: the rest adds no
 * more than the product of its lengths.
 */
function isSurelyBelow(
  threshold: number,
  vector: Float64Array,
  norms: Norms,
  known: Entry,
): boolean {
  const { vector: other, norms: others } = known;
  if (!isOrdinary(norms) || !isOrdinary(others)) return false;
  const headLength = headLengthOf(vector.length);
  let head = 0;
  for (let index = 0; index < headLength; index += 1) {
    head += (vector[index] ?? 0) * (other[index] ?? 0);
  }
  const most = (head + norms.tail * others.tail) / (norms.whole * others.whole);
  // The margin is more than rounding can take.
  return most < threshold - 1e-9;
}

function assertLength(bankId: string, { vector: known }: Entry, vector: Vector): void {
  if (known.length === vector.length) return;
  throw new DimensionMismatchError(
    `The duplicate check of bank '${bankId}'`,
    known.length,
    vector.length,
  );
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
    entries.push({ memoryId, vector: Float64Array.from(vector), norms: normsOf(vector) });
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
    for (const entry of this.#touched(bankId) ?? []) {
      assertLength(bankId, entry, vector);
      const { memoryId, vector: known } = entry;
      const similarity = cosine(vector, known);
      if (similarity >= threshold) return { duplicate: true, similarity, memoryId };
      if (similarity > highest) highest = similarity;
    }
    return { duplicate: false, similarity: highest };
  }

  /**
   * The memory that {@link DedupDetector.find} would give, without the similarities of the others: most of them are ruled out by
   * a part of their vectors.
   *
   * @throws DimensionMismatchError when a remembered vector that is reached has another length.
   */
  findDuplicate(
    bankId: string,
    vector: Vector,
    threshold: number = this.#similarityThreshold,
  ): string | undefined {
    const asked = Float64Array.from(vector);
    const norms = normsOf(asked);
    for (const entry of this.#touched(bankId) ?? []) {
      assertLength(bankId, entry, vector);
      if (isSurelyBelow(threshold, asked, norms, entry)) continue;
      if (cosine(asked, entry.vector) >= threshold) return entry.memoryId;
    }
    return undefined;
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
