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
import { foldName } from "../internal/name-similarity.js";
import { present } from "../internal/present.js";
import { storable, storableId } from "../internal/storable.js";
import { toCount } from "../internal/to-count.js";
import type { Database } from "./open-database.js";
import { floatsColumn, metadataColumn, textsColumn } from "./rows.js";
import { encodedEntries, encodedTexts, indexableId, storableIds, toFloats } from "./values.js";

export const entityColumns =
  "e.id, e.name, e.entity_type, e.aliases, e.metadata, e.embedding, e.mention_count";

const entityRows = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    entity_type: z.string(),
    aliases: textsColumn,
    metadata: metadataColumn,
    embedding: floatsColumn,
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
    ...present("embedding", row.embedding),
    mentionCount: row.mention_count,
  }));
}

const entitiesSchema = z.array(entitySchema);
const linksSchema = z.array(entityLinkSchema);
const associationsSchema = z.array(memoryEntityAssociationSchema);

/** Rows by what makes them one, the later ones in place of the earlier, which one statement could not replace. */
export function lastOfEach<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

function toEntityRow(entity: Entity, index: number) {
  const names = [entity.name, ...(entity.aliases ?? [])].map((name) => storable(foldName(name)));
  return {
    id: indexableId(entity.id, `entities[${index}].id`),
    name: storable(entity.name),
    folded_names: names,
    entity_type: storable(entity.entityType),
    mention_count: entity.mentionCount,
    aliases: entity.aliases === undefined ? null : encodedTexts(entity.aliases),
    metadata: entity.metadata === undefined ? null : encodedEntries(entity.metadata),
    embedding: toFloats(entity.embedding ?? [], `entities[${index}].embedding`),
  };
}

function linkId({ entityA, linkType, entityB }: EntityLink): string {
  return JSON.stringify([entityA, linkType, entityB]);
}

function toLinkRow(link: EntityLink, index: number) {
  return {
    entity_a: indexableId(link.entityA, `links[${index}].entityA`),
    entity_b: indexableId(link.entityB, `links[${index}].entityB`),
    link_type: indexableId(storable(link.linkType), `links[${index}].linkType`),
    evidence: storable(link.evidence),
    confidence: link.confidence,
    created_at: link.createdAt ?? null,
    metadata: link.metadata === undefined ? null : encodedEntries(link.metadata),
  };
}

const neighborRows = z.array(
  z.object({
    memory_id: z.string(),
    text: z.string(),
    entity_ids: z.array(z.string()),
    depth: z.number(),
    score: z.number(),
  }),
);

// Each entity counts at its nearest depth. Of its memories, one scores 0.5 ** (depth - 1) for each entity it mentions.
const neighborsSql = (schema: string): string => `
  WITH RECURSIVE
    reached (id, depth) AS (
      SELECT seed COLLATE "C", 1 FROM unnest($2::text[]) seed
      UNION
      SELECT n.id, r.depth + 1 FROM reached r CROSS JOIN LATERAL (
        SELECT l.entity_b AS id FROM ${schema}.astrocyte_entity_links l WHERE l.bank_id = $1 AND l.entity_a = r.id
        UNION ALL
        SELECT l.entity_a FROM ${schema}.astrocyte_entity_links l WHERE l.bank_id = $1 AND l.entity_b = r.id) n
      WHERE r.depth < $3),
    nearest AS (SELECT id, min(depth) AS depth FROM reached GROUP BY id),
    found AS (
      SELECT n.memory_id, min(e.depth) AS depth, sum(1.0::float8 / (1 << (e.depth - 1)) ORDER BY e.depth) AS score,
        array_agg(n.entity_id) AS entity_ids
      FROM nearest e JOIN ${schema}.astrocyte_mentions n ON n.bank_id = $1 AND n.entity_id = e.id
      GROUP BY n.memory_id
      ORDER BY score DESC, n.memory_id LIMIT $4)
  SELECT f.memory_id, f.depth, f.score, f.entity_ids, coalesce(m.text, '') AS text
  FROM found f LEFT JOIN ${schema}.astrocyte_memories m ON m.bank_id = $1 AND m.id = f.memory_id
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
  const { schema } = database;
  const storeLinks: EntityMethods["storeLinks"] = async (given, { bankId, signal }) => {
    signal?.throwIfAborted();
    const links = parseShape(linksSchema, given, "links");
    const rows = lastOfEach(links.map(toLinkRow), (row) =>
      JSON.stringify([row.entity_a, row.link_type, row.entity_b]),
    );
    await database.write(
      [indexableId(bankId, "bankId")],
      (query, bank) =>
        query(
          `INSERT INTO ${schema}.astrocyte_entity_links
              (bank_id, entity_a, entity_b, link_type, evidence, confidence, created_at, metadata)
            SELECT $1, r.entity_a, r.entity_b, r.link_type, r.evidence, r.confidence, r.created_at, r.metadata
            FROM json_to_recordset($2::json) AS r(entity_a text, entity_b text, link_type text, evidence text,
              confidence double precision, created_at text, metadata text[])
            ON CONFLICT (bank_id, entity_a, entity_b, link_type) DO UPDATE SET
              evidence = excluded.evidence, confidence = excluded.confidence, created_at = excluded.created_at,
              metadata = excluded.metadata`,
          [bank, JSON.stringify(rows)],
        ),
      { signal, creates: true },
    );
    return links.map(linkId);
  };

  return {
    storeEntities: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const entities = parseShape(entitiesSchema, given, "entities");
      const rows = lastOfEach(entities.map(toEntityRow), ({ id }) => id);
      await database.write(
        [indexableId(bankId, "bankId")],
        (query, bank) =>
          query(
            `INSERT INTO ${schema}.astrocyte_entities
                (bank_id, id, name, folded_names, entity_type, mention_count, aliases, metadata, embedding)
              SELECT $1, r.id, r.name, r.folded_names, r.entity_type, r.mention_count, r.aliases, r.metadata, r.embedding
              FROM json_to_recordset($2::json) AS r(id text, name text, folded_names text[], entity_type text,
                mention_count double precision, aliases text[], metadata text[], embedding real[])
              ON CONFLICT (bank_id, id) DO UPDATE SET
                name = excluded.name, folded_names = excluded.folded_names, entity_type = excluded.entity_type,
                mention_count = excluded.mention_count, aliases = excluded.aliases, metadata = excluded.metadata,
                embedding = excluded.embedding`,
            [bank, JSON.stringify(rows)],
          ),
        { signal, creates: true },
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
      const associations = parseShape(associationsSchema, given, "associations");
      const memoryIds = associations.map(({ memoryId }, index) =>
        indexableId(memoryId, `associations[${index}].memoryId`),
      );
      const entityIds = associations.map(({ entityId }, index) =>
        indexableId(entityId, `associations[${index}].entityId`),
      );
      await database.write(
        [indexableId(bankId, "bankId")],
        (query, bank) =>
          query(
            `INSERT INTO ${schema}.astrocyte_mentions (bank_id, memory_id, entity_id)
              SELECT $1, r.memory_id, r.entity_id FROM unnest($2::text[], $3::text[]) AS r(memory_id, entity_id)
              ON CONFLICT DO NOTHING`,
            [bank, memoryIds, entityIds],
          ),
        { signal, creates: true },
      );
    },

    queryNeighbors: async (entityIds, { bankId, maxDepth = 2, limit = 20, signal }) => {
      const depth = Math.min(Math.max(1, toCount(maxDepth, "maxDepth")), maxWalk);
      const count = toCount(limit, "limit");
      const bank = storableId(bankId, "bankId");
      const { rows } = await database.read(
        bank,
        (query) => query(neighborsSql(schema), [bank, storableIds(entityIds), depth, count]),
        { signal },
      );
      return neighborRows.parse(rows).map((row) => ({
        memoryId: row.memory_id,
        text: row.text,
        connectedEntities: row.entity_ids.toSorted(),
        depth: row.depth,
        score: row.score,
      }));
    },

    queryEntities: async (query, { bankId, limit = 10, signal }) => {
      const wanted = storable(foldName(query));
      const count = toCount(limit, "limit");
      const bank = storableId(bankId, "bankId");
      const { rows } = await database.read(
        bank,
        (run) =>
          run(
            `SELECT ${entityColumns} FROM ${schema}.astrocyte_entities e
              WHERE e.bank_id = $1 AND EXISTS (SELECT 1 FROM unnest(e.folded_names) f WHERE strpos(f, $2) > 0)
              ORDER BY ($2 = ANY(e.folded_names)) DESC, e.mention_count DESC, e.id
              LIMIT $3`,
            [bank, wanted, count],
          ),
        { signal },
      );
      return toEntities(rows);
    },
  };
}
