import type { Entity, EntityLink } from "../../../dto/graph.js";
import type { ModelUsage } from "../../../dto/llm.js";
import type { Timestamp } from "../../../dto/timestamp.js";
import type { BankOptions } from "../../../spi/call-options.js";
import type { GraphStore } from "../../../spi/graph-store.js";
import { noUsage } from "../../llm/ask-model.js";
import type { Pipeline } from "../../pipeline.js";
import { stageFailed } from "../stage-failed.js";
import { entityId } from "./entity-id.js";
import { resolveAliases } from "./resolve-aliases.js";
import { resolveCanonical } from "./resolve-canonical.js";

/** Entities as they are to be stored. */
export interface SettledEntities {
  readonly entities: readonly Entity[];
  /** From the id of a found entity to the stored one that it is, where these differ. */
  readonly canonicalIds: ReadonlyMap<string, string>;
  readonly aliasLinks: readonly EntityLink[];
  readonly usage: ModelUsage;
}

const mostNamesakes = 20;

/** An id that comes from the name may be stored already; storing it again must not lose what is known. */
async function withKnown(
  graphStore: GraphStore,
  entity: Entity,
  bank: BankOptions,
): Promise<Entity> {
  if (entity.id !== entityId(entity.entityType, entity.name)) return entity;
  const options = { ...bank, threshold: 1, limit: mostNamesakes };
  const namesakes = await graphStore.findEntityCandidates(entity.name, options);
  const known = namesakes.find(({ id }) => id === entity.id);
  if (known === undefined) return entity;
  const aliases = [...new Set([...(known.aliases ?? []), ...(entity.aliases ?? [])])];
  return {
    ...known,
    ...(aliases.length === 0 ? {} : { aliases }),
    mentionCount: known.mentionCount + 1,
  };
}

/** Compares found entities with the stored ones, as far as that is configured. Ask before they are stored. */
export async function settleEntities(
  pipeline: Pipeline,
  graphStore: GraphStore,
  found: readonly Entity[],
  eventDate: Timestamp | undefined,
  bank: BankOptions,
): Promise<SettledEntities> {
  const { llm, retainSettings } = pipeline;
  const { entityResolution: resolution } = retainSettings;
  const entities: Entity[] = [];
  for (const entity of found) entities.push(await withKnown(graphStore, entity, bank));
  const settled = { entities, canonicalIds: new Map(), aliasLinks: [], usage: noUsage };
  if (resolution === undefined || entities.length === 0) return settled;
  const context = { graphStore, llm, eventDate, options: resolution.options };
  if (resolution.isCanonical) {
    return { ...settled, ...(await resolveCanonical(entities, context, bank)) };
  }
  const { value, usage, failure } = await resolveAliases(entities, context, bank);
  if (failure !== undefined) stageFailed(pipeline, bank.bankId, "entity_resolution", failure);
  return { ...settled, aliasLinks: value, usage };
}
