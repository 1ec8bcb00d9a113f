import type { BankIndex } from "./bank-index.js";
import type { Shown } from "./shown.js";

/** Cosine similarities to a query, by slot, and the mean of the best three of each session, by session number. */
export interface SemanticScores {
  readonly own: Float32Array;
  readonly session: Float32Array;
}

function sessionMeans(index: BankIndex, own: Float32Array, { places }: Shown): Float32Array {
  const { session } = index.columns;
  const least = Number.NEGATIVE_INFINITY;
  const first = new Float32Array(index.sessionCount).fill(least);
  const second = new Float32Array(index.sessionCount).fill(least);
  const third = new Float32Array(index.sessionCount).fill(least);
  for (const at of places) {
    const number = session[at] ?? 0;
    const score = own[at] ?? 0;
    const best = first[number] ?? least;
    const next = second[number] ?? least;
    if (score > best) {
      third[number] = next;
      second[number] = best;
      first[number] = score;
    } else if (score > next) {
      third[number] = next;
      second[number] = score;
    } else if (score > (third[number] ?? least)) third[number] = score;
  }
  const means = new Float32Array(index.sessionCount);
  for (let number = 0; number < means.length; number += 1) {
    let sum = 0;
    let count = 0;
    for (const scores of [first, second, third]) {
      const score = scores[number] ?? least;
      if (score === least) break;
      sum += score;
      count += 1;
    }
    means[number] = count === 0 ? 0 : sum / count;
  }
  return means;
}

/**
 * Compares a query's vector with every memory of a bank; a session is what may be returned of it.
 *
 * @returns undefined when the bank has no vectors, or of another length: then there is nothing to compare.
 */
export function semanticScores(
  index: BankIndex,
  vector: readonly number[],
  shown: Shown,
): SemanticScores | undefined {
  const own = index.similarities(vector);
  return own === undefined ? undefined : { own, session: sessionMeans(index, own, shown) };
}
