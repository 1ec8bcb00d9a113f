import type { RankedMemory } from "./ranked-memory.js";

const proofWeight = 0.025;
const mostProofs = 4;

function isObservation({ factType, memoryLayer }: RankedMemory): boolean {
  return factType === "observation" || memoryLayer === "observation";
}

/** What the memories behind an observation add to it, 0.025 for each after the first and at most 0.1; 0 for other memories. */
export function proofBonus(memory: RankedMemory): number {
  if (!isObservation(memory)) return 0;
  const proofs = Number(memory.metadata?.["_obs_proof_count"] ?? 1);
  return proofs > 1 ? proofWeight * Math.min(proofs - 1, mostProofs) : 0;
}

/** What it adds that a memory was derived from others: 0.3 for a compiled one, 0.2 and {@link proofBonus} for an observation. */
export function layerBoost(memory: RankedMemory): number {
  if (memory.factType === "wiki" || memory.memoryLayer === "compiled") return 0.3;
  return isObservation(memory) ? 0.2 + proofBonus(memory) : 0;
}
