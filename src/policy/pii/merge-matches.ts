import type { PiiMatch } from "./pii-match.js";

/**
 * Keeps one match of each group of overlapping ones: the earliest start, then the longest, then the one given first. Spans
 * that only touch do not overlap.
 */
export function mergeMatches(matches: readonly PiiMatch[]): PiiMatch[] {
  const byStart = matches.toSorted(
    (left, right) => left.start - right.start || right.end - left.end,
  );
  const kept: PiiMatch[] = [];
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const match of byStart) {
    if (match.start < lastEnd) continue;
    kept.push(match);
    lastEnd = match.end;
  }
  return kept;
}
