import type { Candidate } from "./candidate.js";

function dateOf({ occurredAt, retainedAt }: Candidate): string {
  return occurredAt ?? retainedAt ?? "";
}

/** Puts the newer first among candidates of equal score; a store's own order among them means nothing. */
export function orderTies(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted(
    (a, b) => b.score - a.score || (dateOf(a) < dateOf(b) ? 1 : dateOf(a) > dateOf(b) ? -1 : 0),
  );
}
