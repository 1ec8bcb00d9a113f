import type { BankIndex, Postings } from "./bank-index.js";
import { none } from "./slot-columns.js";
import type { Lengths } from "./window-lengths.js";

/** How well the words of memories, of their surroundings and of their conversations match a query, by slot. */
export interface LexicalScores {
  readonly own: Float32Array;
  /** With one neighbour on either side. */
  readonly near: Float32Array;
  /** With three neighbours on either side. */
  readonly wide: Float32Array;
  /** Of the whole session, by session number. */
  readonly session: Float32Array;
}

/** S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with the usual constants. */
const saturation = 1.2;
const lengthWeight = 0.75;
const sessionLengthWeight = 0.5;

function okapi(count: number, length: number, meanLength: number, b: number): number {
  const norm = 1 - b + (meanLength > 0 ? (b * length) / meanLength : 0);
  return (count * (saturation + 1)) / (count + saturation * norm);
}

function rarity(total: number, matching: number): number {
  return Math.log(1 + (total - matching + 0.5) / (matching + 0.5));
}

/** Sums of one term's occurrences by place, and the places that have any; empty between two terms. */
class Tally {
  readonly sums: Float32Array;
  readonly #touched: Int32Array;
  #count = 0;

  constructor(places: number) {
    this.sums = new Float32Array(places);
    this.#touched = new Int32Array(places);
  }

  add(place: number, count: number): void {
    const sum = this.sums[place] ?? 0;
    if (sum === 0) {
      this.#touched[this.#count] = place;
      this.#count += 1;
    }
    this.sums[place] = sum + count;
  }

  /** Adds what the term is worth to the scores, and is empty again. */
  giveTo(scores: Float32Array, { values, mean }: Lengths, total: number, b: number): void {
    const weight = rarity(total, this.#count);
    for (let at = 0; at < this.#count; at += 1) {
      const place = this.#touched[at] ?? 0;
      const gain = weight * okapi(this.sums[place] ?? 0, values[place] ?? 0, mean, b);
      scores[place] = (scores[place] ?? 0) + gain;
      this.sums[place] = 0;
    }
    this.#count = 0;
  }
}

/** Counts a term's occurrences around each memory: every occurrence reaches the windows that hold it. */
function spread(index: BankIndex, { slots, counts }: Postings, reach: number, tally: Tally): void {
  const { previous, next } = index.columns;
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at] ?? 0;
    const count = counts[at] ?? 0;
    tally.add(slot, count);
    let before = slot;
    let after = slot;
    for (let step = 0; step < reach; step += 1) {
      if (before !== none) before = previous[before] ?? none;
      if (after !== none) after = next[after] ?? none;
      if (before !== none) tally.add(before, count);
      if (after !== none) tally.add(after, count);
    }
  }
}

function scoreWindows(
  index: BankIndex,
  found: readonly Postings[],
  reach: number,
  tally: Tally,
): Float32Array {
  const scores = new Float32Array(index.slotCount);
  const lengths = index.windowLengths(reach);
  for (const postings of found) {
    spread(index, postings, reach, tally);
    tally.giveTo(scores, lengths, index.size, lengthWeight);
  }
  return scores;
}

function scoreSessions(index: BankIndex, found: readonly Postings[]): Float32Array {
  const { sessionCount, sessionLengths } = index;
  const { session } = index.columns;
  const scores = new Float32Array(sessionCount);
  const tally = new Tally(sessionCount);
  for (const { slots, counts } of found) {
    for (let at = 0; at < slots.length; at += 1) {
      tally.add(session[slots[at] ?? 0] ?? 0, counts[at] ?? 0);
    }
    tally.giveTo(scores, sessionLengths, sessionCount, sessionLengthWeight);
  }
  return scores;
}

/** Scores every memory of a bank for the terms of a query. */
export function lexicalScores(index: BankIndex, terms: readonly string[]): LexicalScores {
  const found = terms.flatMap((term) => index.postings(term) ?? []);
  const tally = new Tally(index.slotCount);
  return {
    own: scoreWindows(index, found, 0, tally),
    near: scoreWindows(index, found, 1, tally),
    wide: scoreWindows(index, found, 3, tally),
    session: scoreSessions(index, found),
  };
}
