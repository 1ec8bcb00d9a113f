import { InvalidArgumentError } from "../../errors.js";

/** One strategy's answer, best first, at most one entry an id. */
export interface RankedList<Item> {
  readonly name: string;
  readonly items: readonly Item[];
  /** Multiplies what the list adds; 0 leaves the list out. @defaultValue 1 */
  readonly weight?: number | undefined;
}

export interface Fused<Item> {
  readonly item: Item;
  readonly fusedScore: number;
  /** Names of the lists that hold the item, in list order. */
  readonly foundBy: readonly string[];
}

/**
 * Fuses ranked lists by reciprocal rank: `score(d) = Σ weight / (k + rank(d))`, rank from 1.
 *
 * Of an item in several lists the copy with the highest own score is kept. Ties keep the order of first appearance, so
 * the result is reproducible. Fused scores are not comparable across calls.
 *
 * @param k - Damps the head; unitless, 0 or more.
 * @throws InvalidArgumentError when `k` or a weight is negative.
 * @remarks Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet", SIGIR 2009; their `k` is 60.
 */
export function reciprocalRankFusion<Item extends { readonly id: string; readonly score: number }>(
  lists: readonly RankedList<Item>[],
  k = 60,
): Fused<Item>[] {
  if (!(k >= 0)) {
    throw new InvalidArgumentError(`reciprocal rank fusion: k must not be negative, got ${k}`);
  }
  const fused = new Map<string, { item: Item; fusedScore: number; foundBy: string[] }>();
  for (const { name, items, weight = 1 } of lists) {
    if (!(weight >= 0)) {
      throw new InvalidArgumentError(
        `reciprocal rank fusion: weight of "${name}" must not be negative`,
      );
    }
    if (weight === 0) continue;
    for (const [rank, item] of items.entries()) {
      const share = weight / (k + rank + 1);
      const entry = fused.get(item.id);
      if (entry === undefined) {
        fused.set(item.id, { item, fusedScore: share, foundBy: [name] });
        continue;
      }
      entry.fusedScore += share;
      if (item.score > entry.item.score) entry.item = item;
      if (!entry.foundBy.includes(name)) entry.foundBy.push(name);
    }
  }
  return [...fused.values()].toSorted((a, b) => b.fusedScore - a.fusedScore);
}
