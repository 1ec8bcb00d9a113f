import type { Entity } from "../../../dto/graph.js";
import type { Metadata } from "../../../dto/metadata.js";
import type { Timestamp } from "../../../dto/timestamp.js";
import { entityId } from "../entities/entity-id.js";
import type { Fact } from "./parse-facts.js";

/** What the memories of one content have in common. */
export interface FactContext {
  readonly metadata?: Metadata | undefined;
  /** Where the fact has no date of its own. */
  readonly occurredAt?: Timestamp | undefined;
}

export interface FactMemory {
  readonly text: string;
  readonly factType: string;
  readonly memoryLayer: "raw";
  readonly occurredAt?: Timestamp | undefined;
  readonly metadata: Metadata;
}

/** Facts as memories and a graph; memories are named by their place in the list. */
export interface MaterialisedFacts {
  readonly memories: readonly FactMemory[];
  readonly entities: readonly Entity[];
  readonly associations: readonly { readonly memory: number; readonly entityId: string }[];
  /** `caused_by` links: the effect first. */
  readonly causes: readonly {
    readonly effect: number;
    readonly cause: number;
    readonly confidence: number;
  }[];
}

function factMetadata(fact: Fact): Metadata {
  const details = {
    _fact_type: fact.factType,
    _fact_when: fact.when,
    _fact_where: fact.where,
    _fact_who: fact.who,
    _fact_why: fact.why,
    _fact_occurred_start: fact.occurredStart,
    _fact_occurred_end: fact.occurredEnd,
  };
  const metadata: Metadata = {};
  for (const [key, value] of Object.entries(details))
    if (value !== undefined) metadata[key] = value;
  return metadata;
}

/** Turns facts into memories with `_fact_*` metadata, entities with stable ids, and the links between them. */
export function materialiseFacts(
  facts: readonly Fact[],
  { metadata, occurredAt }: FactContext,
): MaterialisedFacts {
  const entities = new Map<string, Entity>();
  const associations: { memory: number; entityId: string }[] = [];
  for (const [memory, fact] of facts.entries()) {
    for (const { name, entityType } of fact.entities) {
      const id = entityId(entityType, name);
      associations.push({ memory, entityId: id });
      if (entities.has(id)) continue;
      const origin = { source: "fact_extraction" };
      entities.set(id, {
        id,
        name,
        entityType,
        aliases: [name],
        metadata: origin,
        mentionCount: 1,
      });
    }
  }
  return {
    memories: facts.map((fact) => ({
      text: fact.text,
      factType: fact.factType,
      memoryLayer: "raw",
      occurredAt: fact.occurredStart ?? occurredAt,
      metadata: { ...metadata, ...factMetadata(fact) },
    })),
    entities: [...entities.values()],
    associations,
    causes: facts.flatMap((fact, effect) =>
      fact.causes.map(({ chunkIndex, strength }) => ({
        effect,
        cause: chunkIndex,
        confidence: strength,
      })),
    ),
  };
}
