import type { Entity } from "../../../dto/graph.js";
import type { Metadata } from "../../../dto/metadata.js";
import { trim } from "../../../internal/whitespace.js";
import { entityId } from "./entity-id.js";

const personKeys = ["person", "locomo_persons", "locomo_speakers"];

/** The people that metadata names under `person`, `locomo_persons` and `locomo_speakers`, separated by `,` or `|`; by name. */
export function metadataEntities(metadata: Metadata | undefined): Entity[] {
  const people = new Map<string, Entity>();
  for (const key of personKeys) {
    const value = metadata !== undefined && Object.hasOwn(metadata, key) ? metadata[key] : null;
    for (const part of typeof value === "string" ? value.split(/[,|]/) : []) {
      const name = trim(part);
      if (!/[\p{L}\p{N}]/u.test(name)) continue;
      const id = entityId("person", name);
      if (!people.has(id)) people.set(id, { id, name, entityType: "PERSON", mentionCount: 1 });
    }
  }
  return [...people.values()].toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}
