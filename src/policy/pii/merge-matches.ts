import type { PiiMatch } from "./pii-match.js";

/** The order in which overlapping matches give their label: the earliest, then the longest. */
export function byPrecedence(left: PiiMatch, right: PiiMatch): number {
  return left.start - right.start || right.end - left.end;
}

/**
 * Keeps one match of each group of overlapping ones: the earliest start, then the longest, then the one given first. Spans
 * that only touch do not overlap.
 */
export function mergeMatches(matches: readonly PiiMatch[]): PiiMatch[] {
  const kept: PiiMatch[] = [];
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const match of matches.toSorted(byPrecedence)) {
    if (match.start < lastEnd) continue;
    kept.push(match);
    lastEnd = match.end;
  }
  return kept;
}
