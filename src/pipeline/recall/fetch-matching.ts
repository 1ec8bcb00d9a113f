import type { Candidate } from "./candidate.js";
import { isWanted, type Wanted } from "./wanted.js";

const growth = 4;
const mostAsked = 20_000;

export interface Fetched {
  readonly candidates: readonly Candidate[];
  /** Whether the store gave fewer than asked for, so that asking for more is no use. */
  readonly exhausted: boolean;
}

/**
 * Up to `limit` candidates that are wanted, also from a store that ignores filters: it is asked for more until enough remain or
 * it has no more.
 *
 * @param fetch - Asks the store for so many, best first.
 */
export async function fetchMatching(
  fetch: (count: number) => Promise<Fetched>,
  wanted: Wanted,
  limit: number,
): Promise<Candidate[]> {
  for (let count = limit; ; count *= growth) {
    const { candidates, exhausted } = await fetch(count);
    const matching = candidates.filter((candidate) => isWanted(candidate, wanted));
    if (matching.length >= limit || exhausted || count >= mostAsked)
      return matching.slice(0, limit);
  }
}
