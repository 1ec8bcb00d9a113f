import type { BankIndex, Postings } from "./bank-index.js";
import type { Shown } from "./shown.js";
import { none } from "./slot-columns.js";
import { sessionLengths, windowLengths, type Lengths } from "./window-lengths.js";

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

/** What of a term's occurrences stands in memories that may be returned. */
function shownPostings({ slots, counts }: Postings, { mask }: Shown): Postings {
  if (mask === undefined) return { slots, counts };
  const isShown = (_: number, at: number): boolean => mask[slots[at] ?? 0] === 1;
  return { slots: slots.filter(isShown), counts: counts.filter(isShown) };
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

/** The terms of a query, as far as they stand in memories that may be returned. */
interface Occurrences {
  readonly found: readonly Postings[];
  readonly shown: Shown;
}

function scoreWindows(
  index: BankIndex,
  { found, shown }: Occurrences,
  reach: number,
  tally: Tally,
): Float32Array {
  const scores = new Float32Array(index.slotCount);
  const lengths =
    shown.mask === undefined ? index.windowLengths(reach) : windowLengths(index, reach, shown);
  for (const postings of found) {
    spread(index, postings, reach, tally);
    tally.giveTo(scores, lengths, shown.places.length, lengthWeight);
  }
  return scores;
}

function scoreSessions(index: BankIndex, { found, shown }: Occurrences): Float32Array {
  const { sessionCount } = index;
  const lengths = shown.mask === undefined ? index.sessionLengths : sessionLengths(index, shown);
  const { session } = index.columns;
  const scores = new Float32Array(sessionCount);
  const tally = new Tally(sessionCount);
  for (const { slots, counts } of found) {
    for (let at = 0; at < slots.length; at += 1) {
      tally.add(session[slots[at] ?? 0] ?? 0, counts[at] ?? 0);
    }
    tally.giveTo(scores, lengths, sessionCount, sessionLengthWeight);
  }
  return scores;
}

/** Scores the memories of a bank that may be returned for the terms of a query, as if there were no others. */
export function lexicalScores(
  index: BankIndex,
  terms: readonly string[],
  shown: Shown,
): LexicalScores {
  const found = terms.flatMap((term) => {
    const postings = index.postings(term);
    return postings === undefined ? [] : [shownPostings(postings, shown)];
  });
  const occurrences = { found, shown };
  const tally = new Tally(index.slotCount);
  return {
    own: scoreWindows(index, occurrences, 0, tally),
    near: scoreWindows(index, occurrences, 1, tally),
    wide: scoreWindows(index, occurrences, 3, tally),
    session: scoreSessions(index, occurrences),
  };
}
