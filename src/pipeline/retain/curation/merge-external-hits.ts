import type { MemoryHit, RecallResult } from "../../../dto/recall.js";

/**
 * Adds hits from elsewhere to a recall, best first, at equal scores those from elsewhere first. Of two hits with one text the
 * better stays.
 *
 * @param maxResults - Most hits; 0 or less gives none.
 */
export function mergeExternalHits(
  result: RecallResult,
  external: readonly MemoryHit[],
  maxResults: number,
): RecallResult {
  const byText = new Map<string, MemoryHit>();
  const ordered = [...external, ...result.hits].toSorted((a, b) => b.score - a.score);
  for (const hit of ordered) if (!byText.has(hit.text)) byText.set(hit.text, hit);
  return {
    ...result,
    hits: [...byText.values()].slice(0, Math.max(0, maxResults)),
    totalAvailable: result.totalAvailable + external.length,
  };
}
