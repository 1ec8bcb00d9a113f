import type { BankIndex, Postings } from "./bank-index.js";

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

/** The words in the memories around each one. */
function windowLengths(index: BankIndex, reach: number): Float32Array {
  const lengths = new Float32Array(index.slotCount);
  for (let at = 0; at < lengths.length; at += 1) {
    const slot = index.slot(at);
    if (slot === undefined) continue;
    let length = slot.length;
    let previous = slot.previous;
    let next = slot.next;
    for (let step = 0; step < reach; step += 1) {
      const before = index.slot(previous);
      const after = index.slot(next);
      length += (before?.length ?? 0) + (after?.length ?? 0);
      previous = before?.previous ?? -1;
      next = after?.next ?? -1;
    }
    lengths[at] = length;
  }
  return lengths;
}

/** Counts a term's occurrences around each memory: every occurrence reaches the windows that hold it. */
function spread(
  index: BankIndex,
  { slots, counts }: Postings,
  reach: number,
  sums: Float32Array,
  touched: number[],
): void {
  const give = (at: number, count: number): void => {
    if (sums[at] === 0) touched.push(at);
    sums[at] = (sums[at] ?? 0) + count;
  };
  for (const [position, at] of slots.entries()) {
    const count = counts[position] ?? 0;
    give(at, count);
    let previous = index.slot(at)?.previous ?? -1;
    let next = index.slot(at)?.next ?? -1;
    for (let step = 0; step < reach; step += 1) {
      if (previous >= 0) give(previous, count);
      if (next >= 0) give(next, count);
      previous = index.slot(previous)?.previous ?? -1;
      next = index.slot(next)?.next ?? -1;
    }
  }
}

function mean(values: Float32Array, count: number): number {
  let sum = 0;
  for (const value of values) sum += value;
  return count === 0 ? 0 : sum / count;
}

function scoreWindows(index: BankIndex, found: readonly Postings[], reach: number): Float32Array {
  const scores = new Float32Array(index.slotCount);
  const lengths = windowLengths(index, reach);
  const meanLength = mean(lengths, index.size);
  const sums = new Float32Array(index.slotCount);
  for (const postings of found) {
    const touched: number[] = [];
    spread(index, postings, reach, sums, touched);
    const weight = rarity(index.size, touched.length);
    for (const at of touched) {
      const gain = weight * okapi(sums[at] ?? 0, lengths[at] ?? 0, meanLength, lengthWeight);
      scores[at] = (scores[at] ?? 0) + gain;
      sums[at] = 0;
    }
  }
  return scores;
}

function scoreSessions(index: BankIndex, found: readonly Postings[]): Float32Array {
  const count = index.sessionCount;
  const scores = new Float32Array(count);
  const lengths = new Float32Array(count);
  for (let at = 0; at < index.slotCount; at += 1) {
    const slot = index.slot(at);
    if (slot !== undefined) lengths[slot.session] = (lengths[slot.session] ?? 0) + slot.length;
  }
  const meanLength = mean(lengths, count);
  const sums = new Float32Array(count);
  for (const { slots, counts } of found) {
    const touched = new Set<number>();
    for (const [position, at] of slots.entries()) {
      const session = index.slot(at)?.session ?? -1;
      if (session < 0) continue;
      sums[session] = (sums[session] ?? 0) + (counts[position] ?? 0);
      touched.add(session);
    }
    const weight = rarity(count, touched.size);
    for (const session of touched) {
      const length = lengths[session] ?? 0;
      const gain = weight * okapi(sums[session] ?? 0, length, meanLength, sessionLengthWeight);
      scores[session] = (scores[session] ?? 0) + gain;
      sums[session] = 0;
    }
  }
  return scores;
}

/** Scores every memory of a bank for the terms of a query. */
export function lexicalScores(index: BankIndex, terms: readonly string[]): LexicalScores {
  const found = terms.flatMap((term) => index.postings(term) ?? []);
  return {
    own: scoreWindows(index, found, 0),
    near: scoreWindows(index, found, 1),
    wide: scoreWindows(index, found, 3),
    session: scoreSessions(index, found),
  };
}
