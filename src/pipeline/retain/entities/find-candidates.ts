import type { Entity, EntityCandidateMatch } from "../../../dto/graph.js";
import { trim } from "../../../internal/whitespace.js";
import type { BankOptions } from "../../../spi/call-options.js";
import type { GraphStore } from "../../../spi/graph-store.js";
import { nameSimilarity } from "./name-similarity.js";
import type { ResolutionOptions } from "./resolution-options.js";

/** More are asked for than are looked at, since an entity may be its own candidate. */
const spareCandidates = 5;

/** Stored entities that may be the given one, best first; a store that does not score them is scored by name here. */
export async function findCandidates(
  graphStore: GraphStore,
  entity: Entity,
  { candidateThreshold, similarityThreshold, maxCandidates }: ResolutionOptions,
  bank: BankOptions,
): Promise<EntityCandidateMatch[]> {
  const { id, name, embedding } = entity;
  if (trim(name) === "") return [];
  const limit = maxCandidates + spareCandidates;
  const scored =
    (await graphStore.findEntityCandidatesScored?.(name, {
      ...bank,
      nameEmbedding: embedding,
      trigramThreshold: candidateThreshold,
      limit,
    })) ??
    (
      await graphStore.findEntityCandidates(name, {
        ...bank,
        threshold: similarityThreshold,
        limit,
      })
    ).map((found) => ({
      entity: found,
      nameSimilarity: nameSimilarity(name, found.name),
      coOccurringNames: [],
      mentionCount: found.mentionCount,
    }));
  return scored.filter((match) => match.entity.id !== id).slice(0, maxCandidates);
}
