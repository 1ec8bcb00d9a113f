import type { Fused } from "./fusion.js";

/**
 * Multiplies fused scores with the weight of the memory's layer and sorts again; 1 where the layer has none. The empty name
 * stands for memories without a layer.
 *
 * @remarks Contract 05 section 6.3.
 */
export function weighLayers<Item extends { readonly memoryLayer?: string | undefined }>(
  fused: readonly Fused<Item>[],
  layerWeights: Readonly<Record<string, number>>,
): Fused<Item>[] {
  const weights = new Map(Object.entries(layerWeights));
  return fused
    .map((entry) => ({
      ...entry,
      fusedScore: entry.fusedScore * (weights.get(entry.item.memoryLayer ?? "") ?? 1),
    }))
    .toSorted((a, b) => b.fusedScore - a.fusedScore);
}
