import type { BankOptions } from "../../spi/call-options.js";
import type { VectorStore } from "../../spi/vector-store.js";
import { listAllVectors } from "../list-all-vectors.js";
import { BankIndex } from "./bank-index.js";

const maxAttempts = 3;

export interface BankIndexesOptions {
  /** Memories of one bank beyond which it is searched in the store alone. @defaultValue 100000 */
  readonly maxBankSize?: number | undefined;
  /** Memories of all banks together; the bank that was asked longest ago goes first. @defaultValue 200000 */
  readonly maxSize?: number | undefined;
}

/**
 * The indexes of the banks that are asked, built from the store when first needed and kept in step with it: this brain's own
 * writes are applied as they succeed, and any other change, which the store's `bankRevision` shows, discards what was built. A
 * store that cannot tell is never indexed.
 */
export class BankIndexes {
  readonly #maxBankSize: number;
  readonly #maxSize: number;
  /** Least recently asked first. */
  readonly #indexes = new Map<string, BankIndex>();
  readonly #tooLarge = new Set<string>();
  readonly #building = new Map<string, Promise<BankIndex | undefined>>();
  #revision: number | undefined;
  #writesInFlight = 0;
  /** Own writes that have begun; shows a builder that its picture may be torn. */
  #writesBegun = 0;

  constructor({ maxBankSize = 100_000, maxSize = 200_000 }: BankIndexesOptions = {}) {
    this.#maxBankSize = maxBankSize;
    this.#maxSize = maxSize;
  }

  /**
   * Runs a write to the store, and applies it to the bank's index when it succeeded.
   *
   * @param run - Calls exactly one of `storeVectors`, `delete` and `clearBank`, once.
   */
  async write<Result>(
    bankId: string,
    run: () => Promise<Result>,
    apply: (index: BankIndex) => void,
  ): Promise<Result> {
    this.#writesInFlight += 1;
    this.#writesBegun += 1;
    try {
      const result = await run();
      if (this.#revision !== undefined) this.#revision += 1;
      const index = this.#indexes.get(bankId);
      if (index !== undefined) apply(index);
      return result;
    } catch (error) {
      // Nobody knows what such a write has done.
      this.#discard(undefined);
      throw error;
    } finally {
      this.#writesInFlight -= 1;
    }
  }

  /** The index of a bank; undefined when the store cannot tell changes, or the bank is too large. */
  async get(store: VectorStore, options: BankOptions): Promise<BankIndex | undefined> {
    const { bankId } = options;
    const revision = await store.bankRevision?.(options);
    if (revision === undefined) return undefined;
    this.#reconcile(revision);
    if (this.#tooLarge.has(bankId)) return undefined;
    const known = this.#indexes.get(bankId);
    if (known !== undefined) {
      this.#indexes.delete(bankId);
      this.#indexes.set(bankId, known);
      return known;
    }
    // Others may wait for the same build, so that the caller's signal must not end it.
    const running = this.#building.get(bankId) ?? this.#build(store, { bankId });
    this.#building.set(bankId, running);
    try {
      const index = await running;
      options.signal?.throwIfAborted();
      return index;
    } finally {
      if (this.#building.get(bankId) === running) this.#building.delete(bankId);
    }
  }

  /** The index of a bank as it is, when it has been built; it is not built for the question. */
  async known(store: VectorStore, options: BankOptions): Promise<BankIndex | undefined> {
    if (!this.#indexes.has(options.bankId)) return undefined;
    const revision = await store.bankRevision?.(options);
    if (revision === undefined) return undefined;
    this.#reconcile(revision);
    return this.#indexes.get(options.bankId);
  }

  /** Throws away everything when the store changed in a way that no own write explains. */
  #reconcile(revision: number): void {
    const unexplained = revision - (this.#revision ?? revision);
    if (unexplained < 0 || unexplained > this.#writesInFlight) this.#discard(revision);
    this.#revision ??= revision;
  }

  #discard(revision: number | undefined): void {
    this.#indexes.clear();
    this.#tooLarge.clear();
    this.#revision = revision;
  }

  async #build(store: VectorStore, options: BankOptions): Promise<BankIndex | undefined> {
    const { bankId } = options;
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const before = await store.bankRevision?.(options);
      const begun = this.#writesBegun;
      const isQuiet = this.#writesInFlight === 0;
      const index = await this.#read(store, options);
      const after = await store.bankRevision?.(options);
      if (!isQuiet || before !== after || begun !== this.#writesBegun || after === undefined)
        continue;
      this.#reconcile(after);
      if (index === undefined) this.#tooLarge.add(bankId);
      else this.#keep(bankId, index);
      return index;
    }
    return undefined;
  }

  async #read(store: VectorStore, options: BankOptions): Promise<BankIndex | undefined> {
    const items = [];
    for await (const item of listAllVectors(store, options)) {
      if (items.length === this.#maxBankSize) return undefined;
      items.push(item);
    }
    const index = new BankIndex();
    index.add(items);
    return index;
  }

  #keep(bankId: string, index: BankIndex): void {
    this.#indexes.set(bankId, index);
    let total = 0;
    for (const { size } of this.#indexes.values()) total += size;
    for (const [id, { size }] of this.#indexes) {
      if (total <= this.#maxSize || id === bankId) break;
      this.#indexes.delete(id);
      total -= size;
    }
  }
}
