import type { EntityLink, GraphHit, MemoryEntityAssociation } from "../dto/graph.js";
import { compareIds } from "./order.js";

/** The depth at which each entity is reached; the given ones are at 1. */
function depthsFrom(
  entityIds: readonly string[],
  links: readonly EntityLink[],
  maxDepth: number,
): Map<string, number> {
  const depths = new Map(entityIds.map((id) => [id, 1]));
  let frontier = [...depths.keys()];
  for (let depth = 2; depth <= maxDepth && frontier.length > 0; depth += 1) {
    const reached: string[] = [];
    const from = new Set(frontier);
    for (const { entityA, entityB } of links) {
      const next = [
        ...(from.has(entityA) ? [entityB] : []),
        ...(from.has(entityB) ? [entityA] : []),
      ];
      for (const id of next) {
        if (depths.has(id)) continue;
        depths.set(id, depth);
        reached.push(id);
      }
    }
    frontier = reached;
  }
  return depths;
}

/** One hit a memory that an entity within reach appears in: nearest first, then by the number of entities, then by id. */
export function memoryHits(
  entityIds: readonly string[],
  links: readonly EntityLink[],
  associations: readonly MemoryEntityAssociation[],
  maxDepth: number,
): GraphHit[] {
  const depths = depthsFrom(entityIds, links, maxDepth);
  const hits = new Map<string, GraphHit>();
  for (const { memoryId, entityId } of associations) {
    const reached = depths.get(entityId);
    if (reached === undefined) continue;
    const hit = hits.get(memoryId);
    const depth = Math.min(reached, hit?.depth ?? reached);
    hits.set(memoryId, {
      memoryId,
      text: "",
      connectedEntities: [...(hit?.connectedEntities ?? []), entityId],
      depth,
      score: 0.5 ** depth,
    });
  }
  return [...hits.values()].toSorted(
    (a, b) =>
      b.score - a.score ||
      b.connectedEntities.length - a.connectedEntities.length ||
      compareIds(a.memoryId, b.memoryId),
  );
}
