import type { Entity } from "../dto/graph.js";
import { cosineSimilarity } from "../internal/vector-math.js";
import { sequenceRatio } from "../internal/sequence-ratio.js";

/** How well an entity fits a name and, when both sides have one, an embedding of it; `best` is the higher of the two. */
export interface EntityMatch {
  readonly nameSimilarity: number;
  readonly embeddingSimilarity: number | undefined;
  readonly best: number;
}

export function matchEntity(
  name: string,
  nameEmbedding: readonly number[] | undefined,
  entity: Entity,
): EntityMatch {
  const nameSimilarity = sequenceRatio(name.toLowerCase(), entity.name.toLowerCase());
  const { embedding } = entity;
  const embeddingSimilarity =
    nameEmbedding?.length && nameEmbedding.length === embedding?.length
      ? cosineSimilarity(nameEmbedding, embedding)
      : undefined;
  return {
    nameSimilarity,
    embeddingSimilarity,
    best: Math.max(nameSimilarity, embeddingSimilarity ?? 0),
  };
}
