import * as z from "zod";
import {
  entityLinkSchema,
  entitySchema,
  memoryEntityAssociationSchema,
  memoryLinkSchema,
  type Entity,
  type EntityLink,
  type MemoryEntityAssociation,
  type MemoryLink,
} from "../dto/graph.js";
import { parseShape } from "../dto/parse.js";
import { toTimestamp } from "../dto/timestamp.js";
import type { GraphStore } from "../spi/graph-store.js";
import { Banked } from "./banked.js";
import { matchEntity } from "./entity-match.js";
import { Lifetime } from "./lifetime.js";
import { memoryHits } from "./memory-hits.js";
import { refuseUnknownKeys, type ProviderConfig, type TestingContext } from "./provider-options.js";

interface Stored<Link> {
  readonly id: string;
  readonly link: Link;
}

/** Parts of a key may hold any character. */
function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function namesOf(entity: Entity): string[] {
  return [entity.name, ...(entity.aliases ?? [])].map((name) => name.toLowerCase());
}

function lastSeenOf(entity: Entity): string | undefined {
  const lastSeen = entity.metadata?.["last_seen"];
  if (typeof lastSeen !== "string") return undefined;
  try {
    return toTimestamp(lastSeen);
  } catch {
    return undefined;
  }
}

/**
 * A graph in the process's memory, with every optional method.
 *
 * Entities come back in the order of their first storing, an exact name before the others. A memory's score is `0.5` to the
 * power of its depth, and its text is empty: this store does not hold memories.
 */
export function createInMemoryGraphStore(
  config: ProviderConfig = {},
  _context: TestingContext = {},
): Required<GraphStore> {
  refuseUnknownKeys("in_memory graph store", config, []);
  const lifetime = new Lifetime("in_memory graph store");
  const entities = new Banked<Entity>();
  const entityLinks = new Banked<Stored<EntityLink>>();
  const associations = new Banked<MemoryEntityAssociation>();
  const memoryLinks = new Banked<Stored<MemoryLink>>();
  let linkCount = 0;

  function putLink<Link>(
    links: Banked<Stored<Link>>,
    bankId: string,
    key: string,
    link: Link,
  ): string {
    linkCount += 1;
    const id = links.get(bankId, key)?.id ?? `link-${linkCount}`;
    links.set(bankId, key, { id, link });
    return id;
  }

  function putEntityLink(bankId: string, value: EntityLink): string {
    const link = parseShape(entityLinkSchema, value, "in_memory entity link");
    return putLink(entityLinks, bankId, keyOf(link.entityA, link.entityB, link.linkType), link);
  }

  function linksOf(bankId: string): EntityLink[] {
    return entityLinks.values(bankId).map(({ link }) => link);
  }

  function coOccurringNames(bankId: string, entityId: string): string[] {
    const names = linksOf(bankId)
      .filter(({ linkType }) => linkType === "co_occurs")
      .flatMap(({ entityA, entityB }) => {
        if (entityA === entityId) return [entityB];
        return entityB === entityId ? [entityA] : [];
      })
      .flatMap((id) => entities.get(bankId, id)?.name.toLowerCase() ?? []);
    return [...new Set(names)];
  }

  function removeEntity(bankId: string, id: string): void {
    entities.delete(bankId, id);
    for (const { entityA, entityB, linkType } of linksOf(bankId)) {
      if (entityA === id || entityB === id) {
        entityLinks.delete(bankId, keyOf(entityA, entityB, linkType));
      }
    }
  }

  return {
    spiVersion: 1,
    name: "in_memory",

    async storeEntities(values, options) {
      lifetime.enter(options);
      const parsed = parseShape(z.array(entitySchema), values, "in_memory entities");
      for (const entity of parsed) entities.set(options.bankId, entity.id, entity);
      return parsed.map((entity) => entity.id);
    },

    async storeLinks(links, options) {
      lifetime.enter(options);
      return links.map((link) => putEntityLink(options.bankId, link));
    },

    async storeEntityLink(link, options) {
      lifetime.enter(options);
      return putEntityLink(options.bankId, link);
    },

    async linkMemoriesToEntities(values, options) {
      lifetime.enter(options);
      const parsed = parseShape(
        z.array(memoryEntityAssociationSchema),
        values,
        "in_memory associations",
      );
      for (const association of parsed) {
        const key = keyOf(association.memoryId, association.entityId);
        associations.set(options.bankId, key, association);
      }
    },

    async queryNeighbors(entityIds, options) {
      lifetime.enter(options);
      const { bankId, maxDepth = 2, limit = 20 } = options;
      return memoryHits(
        entityIds,
        linksOf(bankId),
        associations.values(bankId),
        Math.max(1, maxDepth),
      ).slice(0, Math.max(0, limit));
    },

    async queryEntities(query, options) {
      lifetime.enter(options);
      const { bankId, limit = 10 } = options;
      const wanted = query.toLowerCase();
      return entities
        .values(bankId)
        .filter((entity) => namesOf(entity).some((name) => name.includes(wanted)))
        .slice(0, Math.max(0, limit))
        .map((entity) => structuredClone(entity));
    },

    async findEntityCandidates(name, options) {
      lifetime.enter(options);
      const { bankId, threshold = 0.8, limit = 5 } = options;
      const wanted = name.toLowerCase();
      return entities
        .values(bankId)
        .filter((entity) =>
          namesOf(entity).some(
            (known) =>
              known.includes(wanted) ||
              wanted.includes(known) ||
              matchEntity(wanted, undefined, { ...entity, name: known }).nameSimilarity >=
                threshold,
          ),
        )
        .map((entity) => ({ entity, exact: namesOf(entity).includes(wanted) }))
        .toSorted((a, b) => Number(b.exact) - Number(a.exact))
        .slice(0, Math.max(0, limit))
        .map(({ entity }) => structuredClone(entity));
    },

    async findEntityCandidatesScored(name, options) {
      lifetime.enter(options);
      const { bankId, nameEmbedding, trigramThreshold = 0.3, limit = 10 } = options;
      return entities
        .values(bankId)
        .map((entity) => ({ entity, ...matchEntity(name, nameEmbedding, entity) }))
        .filter(
          ({ nameSimilarity, embeddingSimilarity = 0 }) =>
            Math.max(nameSimilarity, embeddingSimilarity) >= trigramThreshold,
        )
        .toSorted((a, b) => b.best - a.best)
        .slice(0, Math.max(0, limit))
        .map(({ entity, nameSimilarity, embeddingSimilarity }) => {
          const lastSeen = lastSeenOf(entity);
          return {
            entity: structuredClone(entity),
            nameSimilarity,
            ...(embeddingSimilarity === undefined ? {} : { embeddingSimilarity }),
            coOccurringNames: coOccurringNames(bankId, entity.id),
            ...(lastSeen === undefined ? {} : { lastSeen }),
            mentionCount: entity.mentionCount,
          };
        });
    },

    async storeMemoryLinks(links, options) {
      lifetime.enter(options);
      const parsed = parseShape(z.array(memoryLinkSchema), links, "in_memory memory links");
      return parsed.map((link) =>
        putLink(
          memoryLinks,
          options.bankId,
          keyOf(link.sourceMemoryId, link.targetMemoryId, link.linkType),
          link,
        ),
      );
    },

    async findMemoryLinks(seedIds, options) {
      lifetime.enter(options);
      const { bankId, linkTypes, limit = 200 } = options;
      const seeds = new Set(seedIds);
      return memoryLinks
        .values(bankId)
        .map(({ link }) => link)
        .filter((link) => seeds.has(link.sourceMemoryId) || seeds.has(link.targetMemoryId))
        .filter((link) => linkTypes === undefined || linkTypes.includes(link.linkType))
        .slice(0, Math.max(0, limit))
        .map((link) => structuredClone(link));
    },

    async getEntityIdsForMemories(memoryIds, options) {
      lifetime.enter(options);
      const wanted = new Set(memoryIds);
      const found = new Map<string, string[]>();
      for (const { memoryId, entityId } of associations.values(options.bankId)) {
        if (!wanted.has(memoryId)) continue;
        found.set(memoryId, [...(found.get(memoryId) ?? []), entityId]);
      }
      return Object.fromEntries(found);
    },

    async removeMemories(memoryIds, options) {
      lifetime.enter(options);
      const { bankId } = options;
      const gone = new Set(memoryIds);
      const removed = associations.values(bankId).filter(({ memoryId }) => gone.has(memoryId));
      for (const { memoryId, entityId } of removed) {
        associations.delete(bankId, keyOf(memoryId, entityId));
      }
      for (const { link } of memoryLinks.values(bankId)) {
        const { sourceMemoryId, targetMemoryId, linkType } = link;
        if (gone.has(sourceMemoryId) || gone.has(targetMemoryId)) {
          memoryLinks.delete(bankId, keyOf(sourceMemoryId, targetMemoryId, linkType));
        }
      }
      const mentioned = new Set(associations.values(bankId).map(({ entityId }) => entityId));
      for (const { entityId } of removed) {
        if (!mentioned.has(entityId)) removeEntity(bankId, entityId);
      }
      return removed.length;
    },

    async clearBank(options) {
      lifetime.enter(options);
      const { bankId } = options;
      entityLinks.clear(bankId);
      associations.clear(bankId);
      memoryLinks.clear(bankId);
      return entities.clear(bankId);
    },

    async health(options) {
      options?.signal?.throwIfAborted();
      return { healthy: !lifetime.closed, message: "in-memory graph store" };
    },

    async close() {
      lifetime.close();
      entities.clearAll();
      entityLinks.clearAll();
      associations.clearAll();
      memoryLinks.clearAll();
    },
  };
}
