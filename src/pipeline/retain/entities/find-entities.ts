import type { Entity } from "../../../dto/graph.js";
import type { ModelUsage } from "../../../dto/llm.js";
import type { CallOptions } from "../../../spi/call-options.js";
import { noUsage } from "../../llm/ask-model.js";
import type { Pipeline } from "../../pipeline.js";
import type { PreparedContent } from "../prepare-content.js";
import { stageFailed } from "../stage-failed.js";
import { entityId } from "./entity-id.js";
import { entitySource } from "./entity-source.js";
import { extractEntities } from "./extract-entities.js";
import { metadataEntities } from "./metadata-entities.js";

export interface FoundEntities {
  readonly entities: readonly Entity[];
  readonly usage: ModelUsage;
}

function uniqueById(entities: readonly Entity[]): Entity[] {
  return [...new Map(entities.map((entity) => [entity.id, entity])).values()];
}

/** The entities that a content mentions. A model that fails finds none, and that is reported. */
export async function findEntities(
  pipeline: Pipeline,
  { content, facts, metadata, profile, request }: PreparedContent,
  { signal }: CallOptions,
): Promise<FoundEntities> {
  const { llm, options, createId } = pipeline;
  const source = entitySource(pipeline, profile);
  if (source === "none") return { entities: [], usage: noUsage };
  if (facts !== undefined) return { entities: facts.entities, usage: noUsage };
  if (source === "metadata" || llm === undefined) {
    return { entities: metadataEntities(metadata), usage: noUsage };
  }
  const asked = await extractEntities(llm, content, () => createId() + createId(), { signal });
  if (asked.failure !== undefined) {
    stageFailed(pipeline, request.bankId, "entities", asked.failure);
  }
  // The contract gives each mention an entity of its own, to be joined by resolution; here one name is one entity.
  const entities =
    options.preset === "reference"
      ? asked.value
      : uniqueById(
          asked.value.map((entity) => ({
            ...entity,
            id: entityId(entity.entityType, entity.name),
          })),
        );
  return { entities, usage: asked.usage };
}
