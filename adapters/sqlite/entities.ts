import {
  entityLinkSchema,
  entitySchema,
  memoryEntityAssociationSchema,
  parseShape,
  type Entity,
  type EntityLink,
  type GraphStore,
} from "astrocyte";
import * as z from "zod";
import { present } from "../internal/present.js";
import { blobColumn, metadataColumn, stringsColumn } from "./rows.js";
import { foldName } from "../internal/name-similarity.js";
import type { Database, Statement } from "./open-database.js";
import { storable, storableId } from "../internal/storable.js";
import { toCount } from "../internal/to-count.js";
import { fromBlob, jsonOrNull, toBlob } from "./values.js";

export const entityColumns =
  "e.id, e.name, e.entity_type, e.aliases, e.metadata, e.embedding, e.mention_count";

const entityRows = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    entity_type: z.string(),
    aliases: stringsColumn,
    metadata: metadataColumn,
    embedding: blobColumn,
    mention_count: z.number(),
  }),
);

export function toEntities(rows: unknown): Entity[] {
  return entityRows.parse(rows).map((row) => ({
    id: row.id,
    name: row.name,
    entityType: row.entity_type,
    ...present("aliases", row.aliases),
    ...present("metadata", row.metadata),
    ...present("embedding", row.embedding === null ? undefined : fromBlob(row.embedding)),
    mentionCount: row.mention_count,
  }));
}

const entitiesSchema = z.array(entitySchema);
const linksSchema = z.array(entityLinkSchema);
const associationsSchema = z.array(memoryEntityAssociationSchema);

function upsertEntity(bankId: string, entity: Entity, index: number): Statement {
  const names = [entity.name, ...(entity.aliases ?? [])].map(foldName);
  return {
    sql: `INSERT INTO astrocyte_entities
        (bank_id, id, name, folded_names, entity_type, mention_count, aliases, metadata, embedding)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (bank_id, id) DO UPDATE SET
        name = excluded.name, folded_names = excluded.folded_names, entity_type = excluded.entity_type,
        mention_count = excluded.mention_count, aliases = excluded.aliases, metadata = excluded.metadata,
        embedding = excluded.embedding`,
    args: [
      bankId,
      storableId(entity.id, `entities[${index}].id`),
      storable(entity.name),
      JSON.stringify(names),
      storable(entity.entityType),
      entity.mentionCount,
      jsonOrNull(entity.aliases),
      jsonOrNull(entity.metadata),
      toBlob(entity.embedding ?? [], `entities[${index}].embedding`),
    ],
  };
}

function linkId({ entityA, linkType, entityB }: EntityLink): string {
  return JSON.stringify([entityA, linkType, entityB]);
}

function upsertLink(bankId: string, link: EntityLink, index: number): Statement {
  return {
    sql: `INSERT INTO astrocyte_entity_links
        (bank_id, entity_a, entity_b, link_type, evidence, confidence, created_at, metadata)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (bank_id, entity_a, entity_b, link_type) DO UPDATE SET
        evidence = excluded.evidence, confidence = excluded.confidence, created_at = excluded.created_at,
        metadata = excluded.metadata`,
    args: [
      bankId,
      storableId(link.entityA, `links[${index}].entityA`),
      storableId(link.entityB, `links[${index}].entityB`),
      storable(link.linkType),
      storable(link.evidence),
      link.confidence,
      link.createdAt ?? null,
      jsonOrNull(link.metadata),
    ],
  };
}

const neighborRows = z.array(
  z.object({
    memory_id: z.string(),
    text: z.string(),
    entity_ids: z.string(),
    depth: z.number(),
    score: z.number(),
  }),
);

// Each entity counts at its nearest depth. Of its memories, one scores 0.5 ** (depth - 1) for each entity it mentions.
const neighborsSql = `
  WITH RECURSIVE
    reached (id, depth) AS (
      SELECT value, 1 FROM json_each(?2)
      UNION
      SELECT l.entity_b, r.depth + 1 FROM reached r
        JOIN astrocyte_entity_links l ON l.bank_id = ?1 AND l.entity_a = r.id WHERE r.depth < ?3
      UNION
      SELECT l.entity_a, r.depth + 1 FROM reached r
        JOIN astrocyte_entity_links l ON l.bank_id = ?1 AND l.entity_b = r.id WHERE r.depth < ?3),
    nearest AS (SELECT id, min(depth) AS depth FROM reached GROUP BY id),
    found AS (
      SELECT n.memory_id, min(e.depth) AS depth, sum(1.0 / (1 << (e.depth - 1))) AS score,
        json_group_array(n.entity_id) AS entity_ids
      FROM nearest e JOIN astrocyte_mentions n ON n.bank_id = ?1 AND n.entity_id = e.id
      GROUP BY n.memory_id
      ORDER BY score DESC, n.memory_id LIMIT ?4)
  SELECT f.memory_id, f.depth, f.score, f.entity_ids, coalesce(m.text, '') AS text
  FROM found f LEFT JOIN astrocyte_memories m ON m.bank_id = ?1 AND m.id = f.memory_id
  ORDER BY f.score DESC, f.memory_id`;

/** Farther links decay to nothing, and the shift that computes the decay stays small. */
const maxWalk = 16;

type EntityMethods = Pick<
  GraphStore,
  | "storeEntities"
  | "storeLinks"
  | "storeEntityLink"
  | "linkMemoriesToEntities"
  | "queryNeighbors"
  | "queryEntities"
>;

/** Entities, the links between them, and where they are mentioned. */
export function entityMethods(database: Database): EntityMethods {
  const storeLinks: EntityMethods["storeLinks"] = async (given, { bankId, signal }) => {
    signal?.throwIfAborted();
    const bank = storableId(bankId, "bankId");
    const links = parseShape(linksSchema, given, "links");
    await database.write(
      links.map((link, index) => upsertLink(bank, link, index)),
      signal,
    );
    return links.map(linkId);
  };

  return {
    storeEntities: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const entities = parseShape(entitiesSchema, given, "entities");
      await database.write(
        entities.map((entity, index) => upsertEntity(bank, entity, index)),
        signal,
      );
      return entities.map(({ id }) => id);
    },

    storeLinks,

    storeEntityLink: async (link, options) => {
      await storeLinks([link], options);
      return linkId(link);
    },

    linkMemoriesToEntities: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const associations = parseShape(associationsSchema, given, "associations");
      await database.write(
        associations.map(({ memoryId, entityId }, index) => ({
          sql: "INSERT OR IGNORE INTO astrocyte_mentions (bank_id, memory_id, entity_id) VALUES (?, ?, ?)",
          args: [
            bank,
            storableId(memoryId, `associations[${index}].memoryId`),
            storableId(entityId, `associations[${index}].entityId`),
          ],
        })),
        signal,
      );
    },

    queryNeighbors: async (entityIds, { bankId, maxDepth = 2, limit = 20, signal }) => {
      const depth = Math.min(Math.max(1, toCount(maxDepth, "maxDepth")), maxWalk);
      const [result] = await database.read(
        [
          {
            sql: neighborsSql,
            args: [
              storableId(bankId, "bankId"),
              JSON.stringify(entityIds),
              depth,
              toCount(limit, "limit"),
            ],
          },
        ],
        signal,
      );
      return neighborRows.parse(result?.rows).map((row) => ({
        memoryId: row.memory_id,
        text: row.text,
        connectedEntities: z.array(z.string()).parse(JSON.parse(row.entity_ids)).toSorted(),
        depth: row.depth,
        score: row.score,
      }));
    },

    queryEntities: async (query, { bankId, limit = 10, signal }) => {
      const wanted = storable(foldName(query));
      const [result] = await database.read(
        [
          {
            sql: `SELECT ${entityColumns} FROM astrocyte_entities e
              WHERE e.bank_id = ?1 AND EXISTS (SELECT 1 FROM json_each(e.folded_names) f WHERE instr(f.value, ?2) > 0)
              ORDER BY EXISTS (SELECT 1 FROM json_each(e.folded_names) f WHERE f.value = ?2) DESC,
                e.mention_count DESC, e.id
              LIMIT ?3`,
            args: [storableId(bankId, "bankId"), wanted, toCount(limit, "limit")],
          },
        ],
        signal,
      );
      return toEntities(result?.rows);
    },
  };
}
