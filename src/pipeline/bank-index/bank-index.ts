import { hiddenKey } from "../../dto/reserved.js";
import type { VectorItem } from "../../dto/vector.js";
import { termsOf } from "../lexicon/terms-of.js";
import { compareOrder, memoryOrder, type MemoryOrder } from "./memory-order.js";
import {
  asksFlag,
  liveFlag,
  none,
  SlotColumns,
  tellsNumberFlag,
  tellsTimeFlag,
} from "./slot-columns.js";
import { Speakers } from "./speakers.js";
import { utteranceOf, type Utterance } from "./utterance.js";
import { VectorMatrix } from "./vector-matrix.js";
import { sessionLengths, windowLengths, type Lengths } from "./window-lengths.js";

/** A memory without its vector, which the index keeps in its own form. */
export type IndexedMemory = Omit<VectorItem, "vector">;

/** Memories whose text holds a term, and how often; the two lists run side by side, by ascending slot. */
export interface Postings {
  readonly slots: number[];
  readonly counts: number[];
}

/** Utterances further apart than this belong to two conversations, unless they name a session. */
const conversationGapMs = 30 * 60_000;

/** A memory that goes in; its vector may be a row of another matrix. */
interface Entry {
  readonly item: IndexedMemory;
  readonly vector: ArrayLike<number>;
  readonly order: MemoryOrder;
}

function entryOf({ vector, ...item }: VectorItem): Entry {
  return { item, vector, order: memoryOrder(item) };
}

function sessionKeyOf({ metadata }: IndexedMemory): string | undefined {
  const named = metadata?.["session_id"];
  if (typeof named === "string" && named !== "") return `session ${named}`;
  const content = metadata?.["_chunk_of"];
  return typeof content === "string" ? `content ${content}` : undefined;
}

function flagsOf({ asks, tellsTime, tellsNumber }: Utterance): number {
  return (
    liveFlag +
    (asks ? asksFlag : 0) +
    (tellsTime ? tellsTimeFlag : 0) +
    (tellsNumber ? tellsNumberFlag : 0)
  );
}

/** Where a slot is in an ascending list; `none` when it is not there. */
function placeOf(slots: readonly number[], slot: number): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((slots[middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  return slots[low] === slot ? low : none;
}

/**
 * The memories of one bank as ranking looks at them: terms with their counts, vectors as one matrix, and conversations as
 * chains. Neighbours are chunks of one content, memories of one `metadata.session_id`, and utterances that follow each other
 * within half an hour; any other memory stands alone. A memory's slot is stable until the index is compacted.
 */
export class BankIndex {
  readonly #items: (IndexedMemory | undefined)[] = [];
  readonly #slotOf = new Map<string, number>();
  /** What is kept and not to be found, which ranking never sees. */
  readonly #hidden = new Map<string, IndexedMemory>();
  readonly #postings = new Map<string, Postings>();
  readonly #sessionOf = new Map<string, number>();
  /** The last memory of each session, by session number. */
  readonly #tails: number[] = [];
  #columns = new SlotColumns();
  #speakers = new Speakers();
  #matrix = new VectorMatrix();
  /** The session of the utterances without one, and when its last one was. */
  #loose: { session: number; timeMs: number } | undefined;
  /** By reach; until the next change. */
  readonly #windowLengths = new Map<number, Lengths>();
  #sessionLengths: Lengths | undefined;
  #livePlaces: Int32Array | undefined;

  /** Live memories that can be found. */
  get size(): number {
    return this.#slotOf.size;
  }

  /** Everything that is kept, the hidden last. */
  *memories(): Generator<IndexedMemory, void> {
    for (const item of this.#items) if (item !== undefined) yield item;
    yield* this.#hidden.values();
  }

  memory(id: string): IndexedMemory | undefined {
    const slot = this.#slotOf.get(id);
    return slot === undefined ? this.#hidden.get(id) : this.#items[slot];
  }

  /** Slots in use, live or not. */
  get slotCount(): number {
    return this.#items.length;
  }

  get sessionCount(): number {
    return this.#tails.length;
  }

  /** By slot; longer than the slots in use. */
  get columns(): Readonly<SlotColumns> {
    return this.#columns;
  }

  get speakers(): Speakers {
    return this.#speakers;
  }

  /** The slots of the live memories, ascending; until the next change. */
  get livePlaces(): Int32Array {
    this.#livePlaces ??= this.#findLivePlaces();
    return this.#livePlaces;
  }

  /** Numbers a vector; 0 while no memory has one. */
  get dimension(): number {
    return this.#matrix.dimension;
  }

  item(slot: number): IndexedMemory | undefined {
    return this.#items[slot];
  }

  postings(term: string): Postings | undefined {
    return this.#postings.get(term);
  }

  /** The cosine similarity of each slot to a vector; undefined when they cannot be compared. */
  similarities(vector: readonly number[]): Float32Array | undefined {
    return this.#matrix.similarities(vector, this.slotCount);
  }

  /** Terms in a memory and in so many neighbours on either side, by slot. */
  windowLengths(reach: number): Lengths {
    const known = this.#windowLengths.get(reach);
    if (known !== undefined) return known;
    const lengths = windowLengths(this, reach);
    this.#windowLengths.set(reach, lengths);
    return lengths;
  }

  /** Terms in a session, by session number. */
  get sessionLengths(): Lengths {
    this.#sessionLengths ??= sessionLengths(this);
    return this.#sessionLengths;
  }

  /** Makes room for so many memories. */
  reserve(size: number): void {
    this.#columns.reserve(size);
    this.#matrix.expect(size);
  }

  /** Puts memories in, in the order in which they happened; one that is there already is replaced. */
  add(items: readonly VectorItem[]): void {
    this.remove(items.map(({ id }) => id));
    const found: Entry[] = [];
    for (const item of items) {
      const entry = entryOf(item);
      if (item.metadata?.[hiddenKey] === true) this.#hidden.set(item.id, entry.item);
      else found.push(entry);
    }
    this.#insertAll(found);
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#hidden.delete(id);
      const slot = this.#slotOf.get(id);
      if (slot !== undefined) this.#drop(id, slot);
    }
    const dead = this.slotCount - this.size;
    if (dead > 1_000 && dead > this.size) this.#compact();
  }

  /** Forgets every memory. */
  clear(): void {
    this.#hidden.clear();
    this.#clearFound();
  }

  #clearFound(): void {
    this.#items.length = 0;
    this.#slotOf.clear();
    this.#postings.clear();
    this.#sessionOf.clear();
    this.#tails.length = 0;
    this.#columns = new SlotColumns();
    this.#speakers = new Speakers();
    this.#matrix = new VectorMatrix();
    this.#loose = undefined;
    this.#forgetDerived();
  }

  #findLivePlaces(): Int32Array {
    const { flags } = this.#columns;
    const places = new Int32Array(this.size);
    let count = 0;
    for (let at = 0; at < this.slotCount; at += 1) {
      if (((flags[at] ?? 0) & liveFlag) === 0) continue;
      places[count] = at;
      count += 1;
    }
    return places;
  }

  #forgetDerived(): void {
    this.#windowLengths.clear();
    this.#sessionLengths = undefined;
    this.#livePlaces = undefined;
  }

  #insertAll(entries: readonly Entry[]): void {
    this.reserve(this.slotCount + entries.length);
    for (const entry of entries.toSorted((a, b) => compareOrder(a.order, b.order))) {
      this.#insert(entry);
    }
    this.#forgetDerived();
  }

  #insert({ item, vector, order }: Entry): void {
    const columns = this.#columns;
    const utterance = utteranceOf(item.text, item.metadata);
    const { speaker, words } = utterance;
    const slot = this.slotCount;
    const terms = termsOf(words);
    this.#items.push(item);
    this.#slotOf.set(item.id, slot);
    columns.flags[slot] = flagsOf(utterance);
    columns.speaker[slot] = speaker === undefined ? none : this.#speakers.add(speaker);
    columns.length[slot] = terms.length;
    columns.logLength[slot] = Math.log1p(terms.length);
    columns.timeMs[slot] = order.timeMs;
    columns.retainedMs[slot] = order.retainedMs;
    columns.position[slot] = order.position;
    this.#link(slot, this.#sessionFor(item, speaker, order.timeMs), order);
    this.#addTerms(slot, terms);
    this.#matrix.set(slot, vector);
  }

  #sessionFor(item: IndexedMemory, speaker: string | undefined, timeMs: number): number {
    const key = sessionKeyOf(item);
    if (key !== undefined) {
      const known = this.#sessionOf.get(key);
      if (known !== undefined) return known;
      const session = this.#openSession();
      this.#sessionOf.set(key, session);
      return session;
    }
    if (speaker === undefined) return this.#openSession();
    const loose = this.#loose;
    const gapMs = loose === undefined ? Number.POSITIVE_INFINITY : timeMs - loose.timeMs;
    const session =
      loose !== undefined && gapMs >= 0 && gapMs <= conversationGapMs
        ? loose.session
        : this.#openSession();
    this.#loose = { session, timeMs };
    return session;
  }

  #openSession(): number {
    this.#tails.push(none);
    return this.#tails.length - 1;
  }

  #orderAt(slot: number): MemoryOrder {
    const { timeMs, retainedMs, position } = this.#columns;
    return {
      timeMs: timeMs[slot] ?? 0,
      retainedMs: retainedMs[slot] ?? 0,
      position: position[slot] ?? 0,
    };
  }

  /** Puts a slot behind the last one of its session that did not happen later. */
  #link(slot: number, session: number, order: MemoryOrder): void {
    const { previous, next } = this.#columns;
    let before = this.#tails[session] ?? none;
    let after = none;
    while (before !== none && compareOrder(this.#orderAt(before), order) > 0) {
      after = before;
      before = previous[before] ?? none;
    }
    this.#columns.session[slot] = session;
    previous[slot] = before;
    next[slot] = after;
    if (before !== none) next[before] = slot;
    if (after === none) this.#tails[session] = slot;
    else previous[after] = slot;
  }

  #addTerms(slot: number, terms: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, count] of counts) {
      const postings = this.#postings.get(term);
      if (postings === undefined) this.#postings.set(term, { slots: [slot], counts: [count] });
      else {
        postings.slots.push(slot);
        postings.counts.push(count);
      }
    }
  }

  #drop(id: string, slot: number): void {
    const item = this.#items[slot];
    if (item === undefined) return;
    const { previous, next, session, flags } = this.#columns;
    const before = previous[slot] ?? none;
    const after = next[slot] ?? none;
    if (before !== none) next[before] = after;
    if (after === none) this.#tails[session[slot] ?? none] = before;
    else previous[after] = before;
    const { speaker, words } = utteranceOf(item.text, item.metadata);
    if (speaker !== undefined) this.#speakers.remove(speaker);
    flags[slot] = 0;
    this.#items[slot] = undefined;
    this.#slotOf.delete(id);
    for (const term of new Set(termsOf(words))) this.#dropPosting(term, slot);
    this.#forgetDerived();
  }

  #dropPosting(term: string, slot: number): void {
    const postings = this.#postings.get(term);
    if (postings === undefined) return;
    const place = placeOf(postings.slots, slot);
    if (place === none) return;
    postings.slots.splice(place, 1);
    postings.counts.splice(place, 1);
    if (postings.slots.length === 0) this.#postings.delete(term);
  }

  /** Gives the room of forgotten memories back. */
  #compact(): void {
    const matrix = this.#matrix;
    const entries = this.#items.flatMap((item, slot) =>
      item === undefined ? [] : [{ item, vector: matrix.row(slot), order: this.#orderAt(slot) }],
    );
    this.#clearFound();
    this.#insertAll(entries);
  }
}
