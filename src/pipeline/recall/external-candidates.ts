import { createHash } from "node:crypto";
import type { MemoryHit } from "../../dto/recall.js";
import type { Candidate } from "./candidate.js";

const idDigits = 24;

/** The id of a memory from elsewhere that has none: the same for the same text. */
function idOf(text: string): string {
  return `ext-${createHash("sha256").update(text).digest("hex").slice(0, idDigits)}`;
}

/**
 * Hits that the caller brings along, as candidates of one list to be fused with what the strategies find.
 *
 * @remarks Contract 05 section 5.
 */
export function externalCandidates(hits: readonly MemoryHit[]): Candidate[] {
  return hits.map((hit) => {
    const {
      memoryId,
      bankId: _bankId,
      source: _source,
      strategies: _strategies,
      utilityScore: _utilityScore,
      ...fields
    } = hit;
    return { ...fields, id: memoryId ?? idOf(hit.text) };
  });
}
