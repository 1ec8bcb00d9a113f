import type { Metadata } from "../../dto/metadata.js";
import type { Candidate } from "./candidate.js";
import type { Fused } from "./fusion.js";
import type { RankedMemory } from "./rerank/ranked-memory.js";

/** A fused candidate as rerankers look at it: its score is the fused one. */
export interface RankedEntry extends RankedMemory {
  readonly entry: Fused<Candidate>;
}

function toRanked(entry: Fused<Candidate>): RankedEntry {
  const { item, fusedScore } = entry;
  const { id, text, factType, memoryLayer } = item;
  const metadata: Metadata | undefined = item.metadata;
  return { id, text, score: fusedScore, factType, memoryLayer, metadata, entry };
}

export function toRankedEntries(entries: readonly Fused<Candidate>[]): RankedEntry[] {
  return entries.map(toRanked);
}

export function fromRankedEntries(ranked: readonly RankedEntry[]): Fused<Candidate>[] {
  return ranked.map(({ entry, score }) => ({ ...entry, fusedScore: score }));
}
