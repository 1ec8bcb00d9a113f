import type { Entity, EntityLink, GraphStore, MemoryLink } from "astrocyte";

export const bankId = "bank";

export function person(id: string, name: string, fields: Partial<Entity> = {}): Entity {
  return { id, name, entityType: "PERSON", mentionCount: 1, ...fields };
}

export function coOccurs(entityA: string, entityB: string): EntityLink {
  return { entityA, entityB, linkType: "co_occurs", evidence: "", confidence: 1 };
}

export function memoryLink(
  sourceMemoryId: string,
  targetMemoryId: string,
  linkType = "semantic",
): MemoryLink {
  return { sourceMemoryId, targetMemoryId, linkType, evidence: "", confidence: 1, weight: 1 };
}

/** Says of each memory which entities it mentions. */
export function mention(
  store: GraphStore,
  memories: Readonly<Record<string, readonly string[]>>,
  bank: string = bankId,
): Promise<void> {
  const associations = Object.entries(memories).flatMap(([memoryId, mentioned]) =>
    mentioned.map((entityId) => ({ memoryId, entityId })),
  );
  return store.linkMemoriesToEntities(associations, { bankId: bank });
}

export async function entityIds(
  store: GraphStore,
  query: string,
  bank: string = bankId,
): Promise<string[]> {
  const entities = await store.queryEntities(query, { bankId: bank, limit: 100 });
  return entities.map(({ id }) => id).toSorted();
}

export async function neighbourIds(
  store: GraphStore,
  ids: readonly string[],
  options: { maxDepth?: number; limit?: number; bankId?: string } = {},
): Promise<string[]> {
  const hits = await store.queryNeighbors(ids, { bankId, limit: 100, ...options });
  return hits.map(({ memoryId }) => memoryId).toSorted();
}
