import type { VectorItem } from "../../dto/vector.js";
import { abortable } from "../../internal/abortable.js";
import type { BankOptions } from "../../spi/call-options.js";
import type { VectorStore } from "../../spi/vector-store.js";
import type { BankIndex } from "./bank-index.js";
import { buildBankIndex, readBank } from "./build-bank-index.js";

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
  /** Own writes to banks that have been read and are not indexed yet, in the order in which they succeeded. */
  readonly #missed = new Map<string, ((index: BankIndex) => void)[]>();
  /** By how much the revision of a bank exceeds the number of own writes, for each bank of which something is known. */
  readonly #offsets = new Map<string, number>();
  /** Own writes that have succeeded, of any bank. */
  #writesDone = 0;
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
      this.#writesDone += 1;
      const index = this.#indexes.get(bankId);
      if (index === undefined) this.#missed.get(bankId)?.push(apply);
      else apply(index);
      return result;
    } catch (error) {
      // Nobody knows what such a write has done.
      this.#indexes.clear();
      this.#missed.clear();
      this.#tooLarge.clear();
      this.#offsets.clear();
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
    this.#reconcile(bankId, revision);
    if (this.#tooLarge.has(bankId)) return undefined;
    const known = this.#indexes.get(bankId);
    if (known !== undefined) {
      this.#indexes.delete(bankId);
      this.#indexes.set(bankId, known);
      return known;
    }
    // Others may wait for the same build, so that the caller's signal must not end it.
    const running = this.#building.get(bankId) ?? this.#start(store, bankId);
    return abortable(options.signal, () => running);
  }

  async #start(store: VectorStore, bankId: string): Promise<BankIndex | undefined> {
    const running = this.#build(store, { bankId });
    this.#building.set(bankId, running);
    try {
      return await running;
    } finally {
      this.#building.delete(bankId);
    }
  }

  /** The index of a bank as it is, when it has been built; it is not built for the question. */
  async known(store: VectorStore, options: BankOptions): Promise<BankIndex | undefined> {
    const { bankId } = options;
    if (!this.#indexes.has(bankId)) return undefined;
    const revision = await store.bankRevision?.(options);
    if (revision === undefined) return undefined;
    this.#reconcile(bankId, revision);
    return this.#indexes.get(bankId);
  }

  /** Throws away what is known of a bank that changed in a way that no own write explains. */
  #reconcile(bankId: string, revision: number): void {
    const offset = this.#offsets.get(bankId);
    if (offset === undefined) return;
    const unexplained = revision - this.#writesDone - offset;
    if (unexplained < 0 || unexplained > this.#writesInFlight) this.#forget(bankId);
  }

  #forget(bankId: string): void {
    this.#indexes.delete(bankId);
    this.#missed.delete(bankId);
    this.#tooLarge.delete(bankId);
    this.#offsets.delete(bankId);
  }

  async #build(store: VectorStore, options: BankOptions): Promise<BankIndex | undefined> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const items = await this.#read(store, options);
      if (items === "torn") continue;
      if (items === "too large") return undefined;
      const index = await this.#index(items, store, options);
      if (index !== undefined) return index;
    }
    return undefined;
  }

  /** A bank as it was at one moment, from which on its writes are noted down. */
  async #read(
    store: VectorStore,
    options: BankOptions,
  ): Promise<readonly VectorItem[] | "too large" | "torn"> {
    const { bankId } = options;
    const before = await store.bankRevision?.(options);
    const begun = this.#writesBegun;
    const isQuiet = this.#writesInFlight === 0;
    const items = await readBank(store, options, this.#maxBankSize);
    const after = await store.bankRevision?.(options);
    if (!isQuiet || before !== after || begun !== this.#writesBegun || after === undefined)
      return "torn";
    this.#offsets.set(bankId, after - this.#writesDone);
    if (items === undefined) {
      this.#tooLarge.add(bankId);
      return "too large";
    }
    this.#missed.set(bankId, []);
    return items;
  }

  /** The index of what was read and written since; undefined when the bank changed in a way that nobody knows. */
  async #index(
    items: readonly VectorItem[],
    store: VectorStore,
    options: BankOptions,
  ): Promise<BankIndex | undefined> {
    const { bankId } = options;
    const missed = this.#missed.get(bankId);
    const index = await buildBankIndex(items);
    const revision = await store.bankRevision?.(options);
    if (revision !== undefined) this.#reconcile(bankId, revision);
    if (missed === undefined || this.#missed.get(bankId) !== missed) return undefined;
    this.#missed.delete(bankId);
    for (const apply of missed) apply(index);
    this.#keep(bankId, index);
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
