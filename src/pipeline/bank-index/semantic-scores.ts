import type { BankIndex } from "./bank-index.js";

/** Cosine similarities to a query, by slot, and the mean of the best three of each session, by session number. */
export interface SemanticScores {
  readonly own: Float32Array;
  readonly session: Float32Array;
}

function similarities(index: BankIndex, query: Float32Array): Float32Array {
  const { matrix, dimension, slotCount } = index;
  const scores = new Float32Array(slotCount);
  for (let slot = 0; slot < slotCount; slot += 1) {
    const start = slot * dimension;
    let sum = 0;
    for (let at = 0; at < dimension; at += 1) sum += (matrix[start + at] ?? 0) * (query[at] ?? 0);
    scores[slot] = sum;
  }
  return scores;
}

const best = 3;

function sessionMeans(index: BankIndex, own: Float32Array): Float32Array {
  const tops: number[][] = Array.from({ length: index.sessionCount }, () => []);
  for (let at = 0; at < index.slotCount; at += 1) {
    const session = index.slot(at)?.session;
    const top = session === undefined ? undefined : tops[session];
    if (top === undefined) continue;
    const score = own[at] ?? 0;
    if (top.length < best) top.push(score);
    else {
      const least = Math.min(...top);
      if (score > least) top[top.indexOf(least)] = score;
    }
  }
  return Float32Array.from(tops, (top) =>
    top.length === 0 ? 0 : top.reduce((sum, score) => sum + score, 0) / top.length,
  );
}

/**
 * Compares a query's vector with every memory of a bank.
 *
 * @returns undefined when the bank has no vectors, or of another length: then there is nothing to compare.
 */
export function semanticScores(
  index: BankIndex,
  vector: readonly number[],
): SemanticScores | undefined {
  if (index.dimension === 0 || vector.length !== index.dimension) return undefined;
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 0)) return undefined;
  const scale = 1 / Math.sqrt(squares);
  const own = similarities(
    index,
    Float32Array.from(vector, (value) => value * scale),
  );
  return { own, session: sessionMeans(index, own) };
}
