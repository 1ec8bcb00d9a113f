import type { Candidate } from "./candidate.js";
import { reciprocalRankFusion, type Fused } from "./fusion.js";

export interface EntryList {
  readonly name: string;
  readonly entries: readonly Fused<Candidate>[];
  readonly weight?: number | undefined;
}

/** Fuses lists that are fused already, by the places in them: their scores are of no account, and who found what is kept. */
export function fuseEntries(
  lists: readonly EntryList[],
  k: number | undefined,
): Fused<Candidate>[] {
  const foundBy = new Map<string, Set<string>>();
  for (const { entries, weight } of lists) {
    if (weight === 0) continue;
    for (const { item, foundBy: names } of entries) {
      const known = foundBy.get(item.id) ?? new Set();
      foundBy.set(item.id, known);
      for (const name of names) known.add(name);
    }
  }
  const ranked = lists.map(({ name, entries, weight }) => ({
    name,
    weight,
    items: entries.map(({ item, fusedScore }) => ({ id: item.id, score: fusedScore, item })),
  }));
  return reciprocalRankFusion(ranked, k).map(({ item: { item }, fusedScore }) => ({
    item,
    fusedScore,
    foundBy: [...(foundBy.get(item.id) ?? [])],
  }));
}
