import type { EntityLink } from "../../../dto/graph.js";

/** A `co_occurs` link for every pair of the first entities of one content; at least two of them are looked at. */
export function coOccurrenceLinks(entityIds: readonly string[], maxEntities = 5): EntityLink[] {
  const ids = [...new Set(entityIds)].slice(0, Math.max(2, maxEntities));
  return ids.flatMap((entityA, index) =>
    ids.slice(index + 1).map((entityB) => ({
      entityA,
      entityB,
      linkType: "co_occurs",
      evidence: "",
      confidence: 1,
    })),
  );
}
