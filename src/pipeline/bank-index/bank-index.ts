import type { VectorItem } from "../../dto/vector.js";
import { positionKey } from "../../dto/reserved.js";
import { timestampMs, type Timestamp } from "../../dto/timestamp.js";
import { termsOf } from "../lexicon/terms-of.js";
import { utteranceOf } from "./utterance.js";

/** Memories whose text holds a term, and how often; the two lists run side by side. */
export interface Postings {
  readonly slots: number[];
  readonly counts: number[];
}

/** Utterances further apart than this belong to two conversations, unless they name a session. */
const conversationGapMs = 30 * 60_000;
const none = -1;

/** One memory's place among the others. Slots are stable until the index is compacted. */
interface Slot {
  readonly item: VectorItem;
  readonly session: number;
  /** Milliseconds since the Unix epoch of the event, or else of the retain. */
  readonly timeMs: number;
  readonly order: readonly number[];
  readonly length: number;
  readonly speaker: string | undefined;
  readonly asks: boolean;
  readonly tellsTime: boolean;
  previous: number;
  next: number;
}

function sessionKeyOf({ metadata }: VectorItem): string | undefined {
  const named = metadata?.["session_id"];
  if (typeof named === "string" && named !== "") return `session ${named}`;
  const content = metadata?.["_chunk_of"];
  return typeof content === "string" ? `content ${content}` : undefined;
}

function msOf(time: Timestamp | undefined): number {
  return time === undefined ? 0 : timestampMs(time);
}

/** When a memory happened, then when it was retained, then its place in that call. */
function orderOf({ occurredAt, retainedAt, metadata }: VectorItem): readonly number[] {
  const position = metadata?.[positionKey];
  return [
    msOf(occurredAt ?? retainedAt),
    msOf(retainedAt),
    typeof position === "number" ? position : 0,
  ];
}

function compareOrder(left: readonly number[], right: readonly number[]): number {
  for (const [at, value] of left.entries()) {
    const difference = value - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The memories of one bank as ranking looks at them: terms with their counts, vectors as one matrix, and conversations as
 * chains. Neighbours are chunks of one content, memories of one `metadata.session_id`, and utterances that follow each other
 * within half an hour; any other memory stands alone.
 */
export class BankIndex {
  readonly #slots: (Slot | undefined)[] = [];
  readonly #slotOf = new Map<string, number>();
  readonly #postings = new Map<string, Postings>();
  readonly #sessionOf = new Map<string, number>();
  /** The last memory of each session, by session number. */
  readonly #tails: number[] = [];
  readonly #speakers = new Map<string, number>();
  #matrix = new Float32Array(0);
  #dimension = 0;
  #hasVector = new Uint8Array(0);
  /** The session of the utterances without one, and when its last one was. */
  #loose: { session: number; timeMs: number } | undefined;

  /** Live memories. */
  get size(): number {
    return this.#slotOf.size;
  }

  /** Slots in use, live or not; every per-slot array has this length. */
  get slotCount(): number {
    return this.#slots.length;
  }

  get sessionCount(): number {
    return this.#tails.length;
  }

  /** Numbers a vector; 0 while no memory has one. */
  get dimension(): number {
    return this.#dimension;
  }

  /** Row by row, each of length 1 (or 0 without a vector). */
  get matrix(): Float32Array {
    return this.#matrix;
  }

  hasVector(slot: number): boolean {
    return this.#hasVector[slot] === 1;
  }

  slot(slot: number): Slot | undefined {
    return this.#slots[slot];
  }

  item(id: string): VectorItem | undefined {
    return this.#slots[this.#slotOf.get(id) ?? none]?.item;
  }

  postings(term: string): Postings | undefined {
    return this.#postings.get(term);
  }

  /** Who speaks in this bank, in lower case. */
  get speakers(): readonly string[] {
    return [...this.#speakers.keys()];
  }

  /** Puts memories in, in the order in which they happened; one that is there already is replaced. */
  add(items: readonly VectorItem[]): void {
    this.remove(items.map(({ id }) => id));
    const ordered = items.map((item) => ({ item, order: orderOf(item) }));
    for (const { item, order } of ordered.toSorted((a, b) => compareOrder(a.order, b.order))) {
      this.#insert(item, order);
    }
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const at = this.#slotOf.get(id);
      if (at !== undefined) this.#drop(id, at);
    }
    const dead = this.#slots.length - this.#slotOf.size;
    if (dead > 1_000 && dead > this.#slotOf.size) this.#compact();
  }

  /** Forgets every memory. */
  clear(): void {
    this.#slots.length = 0;
    this.#slotOf.clear();
    this.#postings.clear();
    this.#sessionOf.clear();
    this.#tails.length = 0;
    this.#speakers.clear();
    this.#matrix = new Float32Array(0);
    this.#hasVector = new Uint8Array(0);
    this.#dimension = 0;
    this.#loose = undefined;
  }

  #insert(item: VectorItem, order: readonly number[]): void {
    const [timeMs = 0] = order;
    const { speaker, words, asks, tellsTime } = utteranceOf(item.text, item.metadata);
    const slot = this.#slots.length;
    const terms = termsOf(words);
    const session = this.#sessionFor(item, speaker, timeMs);
    const previous = this.#predecessor(session, order);
    const next = previous === none ? this.#head(session) : (this.#slots[previous]?.next ?? none);
    const { length } = terms;
    this.#slots.push({
      item,
      session,
      timeMs,
      order,
      length,
      speaker,
      asks,
      tellsTime,
      previous,
      next,
    });
    this.#link(slot, session, previous, next);
    this.#slotOf.set(item.id, slot);
    if (speaker !== undefined) this.#speakers.set(speaker, (this.#speakers.get(speaker) ?? 0) + 1);
    this.#addTerms(slot, terms);
    this.#addVector(slot, item.vector);
  }

  #sessionFor(item: VectorItem, speaker: string | undefined, timeMs: number): number {
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

  /** The last memory of a session that did not happen later. */
  #predecessor(session: number, order: readonly number[]): number {
    let at = this.#tails[session] ?? none;
    while (at !== none && compareOrder(this.#slots[at]?.order ?? [], order) > 0) {
      at = this.#slots[at]?.previous ?? none;
    }
    return at;
  }

  #head(session: number): number {
    let at = this.#tails[session] ?? none;
    for (;;) {
      const previous = this.#slots[at]?.previous ?? none;
      if (previous === none) return at;
      at = previous;
    }
  }

  #link(slot: number, session: number, previous: number, next: number): void {
    const before = this.#slots[previous];
    const after = this.#slots[next];
    if (before !== undefined) before.next = slot;
    if (after === undefined) this.#tails[session] = slot;
    else after.previous = slot;
  }

  #addTerms(slot: number, terms: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, count] of counts) {
      const postings = this.#postings.get(term) ?? { slots: [], counts: [] };
      postings.slots.push(slot);
      postings.counts.push(count);
      this.#postings.set(term, postings);
    }
  }

  #addVector(slot: number, vector: readonly number[]): void {
    this.#grow(slot + 1, vector.length);
    let squares = 0;
    for (const value of vector) squares += value * value;
    if (vector.length !== this.#dimension || !(squares > 0)) return;
    const scale = 1 / Math.sqrt(squares);
    const start = slot * this.#dimension;
    for (let at = 0; at < vector.length; at += 1) {
      this.#matrix[start + at] = (vector[at] ?? 0) * scale;
    }
    this.#hasVector[slot] = 1;
  }

  #grow(slots: number, length: number): void {
    if (this.#dimension === 0 && length > 0) this.#dimension = length;
    if (this.#hasVector.length >= slots && this.#matrix.length >= slots * this.#dimension) return;
    const capacity = Math.max(64, slots * 2);
    const flags = new Uint8Array(capacity);
    flags.set(this.#hasVector);
    this.#hasVector = flags;
    const matrix = new Float32Array(capacity * this.#dimension);
    matrix.set(this.#matrix);
    this.#matrix = matrix;
  }

  #drop(id: string, at: number): void {
    const slot = this.#slots[at];
    if (slot === undefined) return;
    const { previous, next, session, speaker } = slot;
    const before = this.#slots[previous];
    const after = this.#slots[next];
    if (before !== undefined) before.next = next;
    if (after === undefined) this.#tails[session] = previous;
    else after.previous = previous;
    if (speaker !== undefined) {
      const count = (this.#speakers.get(speaker) ?? 1) - 1;
      if (count > 0) this.#speakers.set(speaker, count);
      else this.#speakers.delete(speaker);
    }
    this.#slots[at] = undefined;
    this.#hasVector[at] = 0;
    this.#slotOf.delete(id);
    for (const term of new Set(termsOf(utteranceOf(slot.item.text, slot.item.metadata).words))) {
      this.#dropPosting(term, at);
    }
  }

  #dropPosting(term: string, slot: number): void {
    const postings = this.#postings.get(term);
    const at = postings?.slots.indexOf(slot) ?? none;
    if (postings === undefined || at === none) return;
    postings.slots.splice(at, 1);
    postings.counts.splice(at, 1);
    if (postings.slots.length === 0) this.#postings.delete(term);
  }

  /** Gives the room of forgotten memories back. */
  #compact(): void {
    const items = this.#slots.flatMap((slot) => (slot === undefined ? [] : [slot.item]));
    this.clear();
    this.add(items);
  }
}
