import { createHash } from "node:crypto";
import { BaseStore, type Item, type Operation, type OperationResults } from "@langchain/langgraph";
import {
  InvalidArgumentError,
  systemClock,
  timestampMs,
  type Astrocyte,
  type AstrocyteContext,
  type Clock,
  type RecordPut,
  type StoredRecord,
} from "astrocyte";
import { dateOf } from "./dates.js";
import { isRecord } from "./is-record.js";
import { matchesFilter } from "./store-filter.js";
import {
  assertBankPrefix,
  bankIdOf,
  compareNamespaces,
  namespaceOf,
  startsWith,
  type Namespace,
} from "./store-namespace.js";
import {
  readOperation,
  selectNamespaces,
  type GetStep,
  type ListStep,
  type PutStep,
  type SearchStep,
} from "./store-operation.js";
import { assertIndex, indexedText, textsIn, type IndexFields } from "./store-text.js";
import { parseValue } from "./store-value.js";

export interface AstrocyteStoreOptions {
  readonly brain: Astrocyte;
  /**
   * What the ids of the store's banks begin with; the bank of this very name lists the namespaces. 1 to 64 characters of
   * `[a-zA-Z0-9_-]`. @defaultValue "store"
   */
  readonly bankPrefix?: string | undefined;
  /**
   * Who acts, where access is controlled; a function gets the namespace, a search's prefix, or no label for the list of
   * namespaces. Inside a graph this is all that tells callers apart.
   */
  readonly context?:
    | AstrocyteContext
    | ((namespace: Namespace) => AstrocyteContext | undefined)
    | undefined;
  /** What recall finds of an item that does not say so itself. @defaultValue `["$"]`, the whole value */
  readonly index?: false | IndexFields | undefined;
  /** How long an item lives after it was put last. @defaultValue for ever */
  readonly ttlMs?: number | undefined;
  /** Tells the age of items. @defaultValue the system's clock */
  readonly clock?: Clock | undefined;
}

/** What a record of the store keeps. */
interface Envelope {
  readonly key: string;
  readonly value: string;
  readonly expiresAt?: number | undefined;
}

interface StoredItem {
  readonly id: string;
  readonly namespace: string[];
  readonly key: string;
  readonly json: string;
  readonly expiresAt: number;
  readonly record: StoredRecord;
}

/** Fused scores of so many hits at once, so that pages of one search come from one ranking. */
const pageOfHits = 200;

function idOf(key: string): string {
  return createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);
}

function readEnvelope(data: string): Envelope | undefined {
  const value: unknown = JSON.parse(data);
  if (!isRecord(value)) return undefined;
  const { key, value: json, expiresAt } = value;
  if (typeof key !== "string" || typeof json !== "string") return undefined;
  return { key, value: json, ...(typeof expiresAt === "number" ? { expiresAt } : {}) };
}

function toItem({ namespace, key, json, record }: StoredItem): Item {
  return {
    value: parseValue(json),
    key,
    namespace: [...namespace],
    createdAt: dateOf(timestampMs(record.createdAt)),
    updatedAt: dateOf(timestampMs(record.updatedAt)),
  };
}

function byAge(a: StoredRecord, b: StoredRecord): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** Between 0 and 1, in the order of the scores. */
function squash(score: number): number {
  return score <= 0 ? 0 : score / (1 + score);
}

/**
 * A LangGraph store on governed banks, one a namespace: `get` gives back exactly what was put, `search` with a query recalls, and
 * `brain.recall` finds the same items.
 *
 * The operations of a batch are all checked before any takes effect, reads see what was there before its writes, and of several
 * puts of one item the last counts. A put whose value holds personal data is refused where the policy would change it. Values
 * hold JSON and dates. A search's scores lie in `[0, 1]`, order that search, and are no similarities.
 */
export class AstrocyteStore extends BaseStore {
  readonly #brain: Astrocyte;
  readonly #prefix: string;
  readonly #contextOf: (namespace: Namespace) => AstrocyteContext | undefined;
  readonly #index: false | IndexFields;
  readonly #ttlMs: number | undefined;
  readonly #clock: Clock;

  /** @throws InvalidArgumentError for options of another form. */
  constructor({
    brain,
    bankPrefix = "store",
    context,
    index = ["$"],
    ttlMs,
    clock = systemClock,
  }: AstrocyteStoreOptions) {
    super();
    assertBankPrefix(bankPrefix);
    assertIndex(index);
    if (ttlMs !== undefined && !(Number.isFinite(ttlMs) && ttlMs > 0)) {
      throw new InvalidArgumentError("AstrocyteStore: ttlMs: expected milliseconds above 0");
    }
    this.#brain = brain;
    this.#prefix = bankPrefix;
    this.#contextOf = typeof context === "function" ? context : () => context;
    this.#index = index;
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  /** The bank of a namespace, for `brain.recall` and the like. */
  bankIdOf(namespace: Namespace): string {
    return bankIdOf(this.#prefix, namespace);
  }

  /** The namespace of a bank; undefined for a bank that is not the store's. */
  namespaceOf(bankId: string): string[] | undefined {
    return namespaceOf(this.#prefix, bankId);
  }

  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    const steps = operations.map(readOperation);
    for (const step of steps) {
      if (step.kind === "get" || step.kind === "put") this.bankIdOf(step.namespace);
    }
    const results = await Promise.all(
      steps.map(async (step): Promise<unknown> => {
        if (step.kind === "get") return this.#get(step);
        if (step.kind === "search") return this.#search(step);
        return step.kind === "list" ? this.#list(step) : undefined;
      }),
    );
    await this.#write(steps.filter((step) => step.kind === "put"));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each result stands where its operation does
    return results as OperationResults<Op>;
  }

  /**
   * Deletes the items whose time is over; they are invisible to the store already, but not to `brain.recall`.
   *
   * @returns How many there were.
   */
  async sweepExpired(): Promise<number> {
    let count = 0;
    for (const namespace of await this.#namespaces([])) {
      const expired: StoredItem[] = [];
      for await (const item of this.#read(namespace)) {
        if (!this.#isLive(item)) expired.push(item);
      }
      await this.#brain.records.write({
        deletes: expired.map(({ id }) => ({
          id,
          bankId: this.bankIdOf(namespace),
          context: this.#contextOf(namespace),
        })),
      });
      count += expired.length;
    }
    return count;
  }

  #isLive({ expiresAt }: StoredItem): boolean {
    return this.#clock.now() < expiresAt;
  }

  #itemOf(namespace: Namespace, record: StoredRecord): StoredItem[] {
    const envelope = readEnvelope(record.data);
    if (envelope === undefined) return [];
    const { key, value, expiresAt = Number.POSITIVE_INFINITY } = envelope;
    return [{ id: record.id, namespace: [...namespace], key, json: value, expiresAt, record }];
  }

  async #get({ namespace, key }: GetStep): Promise<Item | null> {
    const id = idOf(key);
    const records = await this.#brain.records.get([id], {
      bankId: this.bankIdOf(namespace),
      context: this.#contextOf(namespace),
    });
    const [item] = [...records.values()].flatMap((record) => this.#itemOf(namespace, record));
    return item !== undefined && this.#isLive(item) ? toItem(item) : null;
  }

  /** All items of a namespace, those that are over too, in the order in which they were put first; read as far as they are asked. */
  async *#read(namespace: Namespace): AsyncGenerator<StoredItem, void> {
    const records = await this.#brain.records.list({
      bankId: this.bankIdOf(namespace),
      context: this.#contextOf(namespace),
    });
    for (const record of records.toSorted(byAge)) yield* this.#itemOf(namespace, record);
  }

  /** The namespaces that were ever put to under a prefix, in the order of their first put. */
  async #namespaces(prefix: Namespace): Promise<string[][]> {
    const records = await this.#brain.records.list({
      bankId: this.#prefix,
      context: this.#contextOf([]),
    });
    return records
      .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
      .map(({ data }) => this.namespaceOf(data))
      .filter((namespace) => namespace !== undefined)
      .filter((namespace) => startsWith(namespace, prefix));
  }

  async #list(step: ListStep): Promise<string[][]> {
    const namespaces: string[][] = [];
    for (const namespace of await this.#namespaces([])) {
      for await (const item of this.#read(namespace)) {
        if (!this.#isLive(item)) continue;
        namespaces.push(namespace);
        break;
      }
    }
    return selectNamespaces(namespaces, step, compareNamespaces);
  }

  async #search(step: SearchStep): Promise<(Item & { score: number | undefined })[]> {
    const { prefix, filter, limit, offset, query = "" } = step;
    const isFiltered = Object.keys(filter).length > 0;
    const isWanted = (item: StoredItem) =>
      this.#isLive(item) && (!isFiltered || matchesFilter(parseValue(item.json), filter));
    const namespaces = await this.#namespaces(prefix);
    const end = offset + limit;
    const scored =
      query.trim() === "" || limit === 0 || namespaces.length === 0
        ? new Map<StoredItem, number>()
        : await this.#recall(query, namespaces, step, isWanted);
    const items = [...scored.keys()];
    if (items.length < end) {
      const seen = new Set(items.map(({ id, namespace }) => JSON.stringify([namespace, id])));
      for (const namespace of namespaces) {
        if (items.length >= end) break;
        for await (const item of this.#read(namespace)) {
          if (!seen.has(JSON.stringify([namespace, item.id])) && isWanted(item)) items.push(item);
          if (items.length >= end) break;
        }
      }
    }
    return items
      .slice(offset, end)
      .map((item) => Object.assign(toItem(item), { score: scored.get(item) }));
  }

  /** Items by what recall makes of a query, best first: as many as a page needs, or all that it finds. */
  async #recall(
    query: string,
    namespaces: readonly Namespace[],
    { prefix, limit, offset }: SearchStep,
    isWanted: (item: StoredItem) => boolean,
  ): Promise<Map<StoredItem, number>> {
    const banks = new Map(namespaces.map((namespace) => [this.bankIdOf(namespace), namespace]));
    let maxResults = pageOfHits;
    while (maxResults < offset + limit) maxResults *= 2;
    for (;;) {
      const { hits } = await this.#brain.recall(query, {
        banks: [...banks.keys()],
        context: this.#contextOf(prefix),
        maxResults,
        // A page is cut by its limit, never by tokens.
        maxTokens: Number.MAX_SAFE_INTEGER,
      });
      const found = new Map<string, StoredItem>();
      for (const [bankId, namespace] of banks) {
        const ids = hits.flatMap((hit) =>
          hit.bankId === bankId && hit.memoryId !== undefined ? [hit.memoryId] : [],
        );
        if (ids.length === 0) continue;
        const context = this.#contextOf(namespace);
        const records = await this.#brain.records.get(ids, { bankId, context });
        for (const record of records.values()) {
          for (const item of this.#itemOf(namespace, record)) {
            if (isWanted(item)) found.set(JSON.stringify([bankId, item.id]), item);
          }
        }
      }
      const scored = new Map<StoredItem, number>();
      for (const { bankId, memoryId, score } of hits) {
        const item = found.get(JSON.stringify([bankId, memoryId]));
        if (item !== undefined) scored.set(item, squash(score));
      }
      if (scored.size >= offset + limit || hits.length < maxResults) return scored;
      maxResults *= 4;
    }
  }

  #putOf({ namespace, key, json = "{}", index }: PutStep): RecordPut {
    const value = parseValue(json);
    const fields = index ?? this.#index;
    const text = fields === false ? undefined : indexedText(value, fields);
    const envelope: Envelope = {
      key,
      value: json,
      ...(this.#ttlMs === undefined ? {} : { expiresAt: this.#clock.now() + this.#ttlMs }),
    };
    return {
      bankId: this.bankIdOf(namespace),
      context: this.#contextOf(namespace),
      id: idOf(key),
      data: JSON.stringify(envelope),
      content: [key, ...textsIn(value)].join("\n"),
      ...(text === undefined ? {} : { text }),
    };
  }

  /** The entries in the list of namespaces that these puts need. */
  async #newNamespaces(puts: readonly PutStep[]): Promise<RecordPut[]> {
    const banks = new Set(puts.map(({ namespace }) => this.bankIdOf(namespace)));
    const wanted = new Map([...banks].map((bankId) => [idOf(bankId), bankId]));
    if (wanted.size === 0) return [];
    const list = { bankId: this.#prefix, context: this.#contextOf([]) };
    const known = await this.#brain.records.get([...wanted.keys()], list);
    return [...wanted]
      .filter(([id]) => !known.has(id))
      .map(([id, bankId]) => ({ ...list, id, data: bankId, content: "a namespace of the store" }));
  }

  async #write(steps: readonly PutStep[]): Promise<void> {
    if (steps.length === 0) return;
    const last = new Map<string, PutStep>();
    for (const step of steps) {
      const item = JSON.stringify([step.namespace, step.key]);
      last.delete(item);
      last.set(item, step);
    }
    const puts = [...last.values()].filter(({ json }) => json !== undefined);
    const deletes = [...last.values()].filter(({ json }) => json === undefined);
    await this.#brain.records.write({
      puts: [...(await this.#newNamespaces(puts)), ...puts.map((step) => this.#putOf(step))],
      deletes: deletes.map(({ namespace, key }) => ({
        id: idOf(key),
        bankId: this.bankIdOf(namespace),
        context: this.#contextOf(namespace),
      })),
    });
  }
}
