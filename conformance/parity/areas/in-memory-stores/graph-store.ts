import {
  entityCandidateMatchSchema,
  entityLinkSchema,
  entitySchema,
  fromWire,
  graphHitSchema,
  memoryEntityAssociationSchema,
  memoryLinkSchema,
  toWire,
} from "astrocyte";
import { createInMemoryGraphStore } from "astrocyte/testing";
import * as z from "zod";
import { bankSchema, limitSchema, textOf, textsOf, type Operations } from "./operations.js";

const entitiesSchema = z.array(entitySchema);
const scoredSchema = z.object({
  name_embedding: z.array(z.number()).nullish(),
  trigram_threshold: z.number().nullish(),
});

export function graphStoreOperations(): Operations {
  const store = createInMemoryGraphStore();
  const labels = new Map<string, string>();

  /** Recorded link ids are numbered in the order of their first appearance. */
  function label(id: string): string {
    const known = labels.get(id) ?? `id${labels.size + 1}`;
    labels.set(id, known);
    return known;
  }

  return {
    store_entities: (operation) =>
      store.storeEntities(fromWire(entitiesSchema, operation["entities"]), {
        bankId: bankSchema.parse(operation),
      }),
    store_links: async (operation) => {
      const links = fromWire(z.array(entityLinkSchema), operation["links"]);
      const ids = await store.storeLinks(links, { bankId: bankSchema.parse(operation) });
      return ids.map(label);
    },
    store_entity_link: async (operation) => {
      const link = fromWire(entityLinkSchema, operation["link"]);
      return label(await store.storeEntityLink(link, { bankId: bankSchema.parse(operation) }));
    },
    link_memories_to_entities: async (operation) => {
      await store.linkMemoriesToEntities(
        fromWire(z.array(memoryEntityAssociationSchema), operation["associations"]),
        { bankId: bankSchema.parse(operation) },
      );
      return null;
    },
    query_neighbors: async (operation) => {
      const { max_depth: maxDepth } = z.object({ max_depth: z.int().optional() }).parse(operation);
      const hits = await store.queryNeighbors(textsOf(operation, "entity_ids"), {
        bankId: bankSchema.parse(operation),
        maxDepth,
        ...limitSchema.parse(operation),
      });
      return toWire(z.array(graphHitSchema), hits);
    },
    query_entities: async (operation) => {
      const entities = await store.queryEntities(textOf(operation, "query"), {
        bankId: bankSchema.parse(operation),
        ...limitSchema.parse(operation),
      });
      return toWire(entitiesSchema, entities);
    },
    find_entity_candidates: async (operation) => {
      const entities = await store.findEntityCandidates(textOf(operation, "name"), {
        bankId: bankSchema.parse(operation),
        ...limitSchema.parse(operation),
      });
      return toWire(entitiesSchema, entities);
    },
    find_entity_candidates_scored: async (operation) => {
      const { name_embedding: embedding, trigram_threshold: threshold } =
        scoredSchema.parse(operation);
      const matches = await store.findEntityCandidatesScored(textOf(operation, "name"), {
        bankId: bankSchema.parse(operation),
        nameEmbedding: embedding ?? undefined,
        trigramThreshold: threshold ?? undefined,
        ...limitSchema.parse(operation),
      });
      return toWire(z.array(entityCandidateMatchSchema), matches);
    },
    store_memory_links: async (operation) => {
      const links = fromWire(z.array(memoryLinkSchema), operation["links"]);
      const ids = await store.storeMemoryLinks(links, { bankId: bankSchema.parse(operation) });
      return ids.map(label);
    },
    find_memory_links: async (operation) => {
      const { link_types: linkTypes } = z
        .object({ link_types: z.array(z.string()).nullish() })
        .parse(operation);
      const links = await store.findMemoryLinks(textsOf(operation, "seed_ids"), {
        bankId: bankSchema.parse(operation),
        linkTypes: linkTypes ?? undefined,
        ...limitSchema.parse(operation),
      });
      return toWire(z.array(memoryLinkSchema), links);
    },
    get_entity_ids_for_memories: (operation) =>
      store.getEntityIdsForMemories(textsOf(operation, "memory_ids"), {
        bankId: bankSchema.parse(operation),
      }),
    health: () => store.health(),
  };
}
