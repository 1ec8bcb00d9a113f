import { memoryLinkSchema, parseShape, type GraphStore, type MemoryLink } from "astrocyte";
import * as z from "zod";
import { present } from "../internal/present.js";
import { storable, storableId } from "../internal/storable.js";
import { toCount } from "../internal/to-count.js";
import { lastOfEach } from "./entities.js";
import type { Database } from "./open-database.js";
import { metadataColumn, textColumn } from "./rows.js";
import { encodedEntries, indexableId, storableIds } from "./values.js";

const linksSchema = z.array(memoryLinkSchema);

function toRow(link: MemoryLink, index: number) {
  return {
    source_id: indexableId(link.sourceMemoryId, `links[${index}].sourceMemoryId`),
    target_id: indexableId(link.targetMemoryId, `links[${index}].targetMemoryId`),
    link_type: indexableId(storable(link.linkType), `links[${index}].linkType`),
    evidence: storable(link.evidence),
    confidence: link.confidence,
    weight: link.weight,
    created_at: link.createdAt ?? null,
    metadata: link.metadata === undefined ? null : encodedEntries(link.metadata),
  };
}

const linkRows = z.array(
  z.object({
    source_id: z.string(),
    target_id: z.string(),
    link_type: z.string(),
    evidence: z.string(),
    confidence: z.number(),
    weight: z.number(),
    created_at: textColumn,
    metadata: metadataColumn,
  }),
);
const mentionRows = z.array(z.object({ memory_id: z.string(), entity_id: z.string() }));

type MemoryLinkMethods = Required<
  Pick<GraphStore, "storeMemoryLinks" | "findMemoryLinks" | "getEntityIdsForMemories">
>;

/** Links between memories, and the entities that memories mention. */
export function memoryLinkMethods(database: Database): MemoryLinkMethods {
  const { schema } = database;
  const columns =
    "l.source_id, l.target_id, l.link_type, l.evidence, l.confidence, l.weight, l.created_at, l.metadata";
  return {
    storeMemoryLinks: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const links = parseShape(linksSchema, given, "links");
      const rows = lastOfEach(links.map(toRow), (row) =>
        JSON.stringify([row.source_id, row.link_type, row.target_id]),
      );
      await database.write(
        [indexableId(bankId, "bankId")],
        (query, bank) =>
          query(
            `INSERT INTO ${schema}.astrocyte_memory_links
                (bank_id, source_id, target_id, link_type, evidence, confidence, weight, created_at, metadata)
              SELECT $1, r.source_id, r.target_id, r.link_type, r.evidence, r.confidence, r.weight, r.created_at, r.metadata
              FROM json_to_recordset($2::json) AS r(source_id text, target_id text, link_type text, evidence text,
                confidence double precision, weight double precision, created_at text, metadata text[])
              ON CONFLICT (bank_id, source_id, target_id, link_type) DO UPDATE SET
                evidence = excluded.evidence, confidence = excluded.confidence, weight = excluded.weight,
                created_at = excluded.created_at, metadata = excluded.metadata`,
            [bank, JSON.stringify(rows)],
          ),
        { signal, creates: true },
      );
      return links.map(({ sourceMemoryId, linkType, targetMemoryId }) =>
        JSON.stringify([sourceMemoryId, linkType, targetMemoryId]),
      );
    },

    findMemoryLinks: async (seedIds, { bankId, linkTypes, limit = 200, signal }) => {
      const bank = storableId(bankId, "bankId");
      const count = toCount(limit, "limit");
      // Two index lookups; one OR over both ends would scan the bank.
      const { rows } = await database.read(
        bank,
        (query) =>
          query(
            `SELECT ${columns} FROM (
                SELECT ${columns} FROM ${schema}.astrocyte_memory_links l
                  WHERE l.bank_id = $1 AND l.source_id = ANY($2::text[])
                UNION
                SELECT ${columns} FROM ${schema}.astrocyte_memory_links l
                  WHERE l.bank_id = $1 AND l.target_id = ANY($2::text[])) l
              WHERE $3::text[] IS NULL OR l.link_type = ANY($3::text[])
              ORDER BY l.weight * l.confidence DESC, l.source_id, l.target_id, l.link_type LIMIT $4`,
            [bank, storableIds(seedIds), linkTypes?.map(storable) ?? null, count],
          ),
        { signal },
      );
      return linkRows.parse(rows).map((row) => ({
        sourceMemoryId: row.source_id,
        targetMemoryId: row.target_id,
        linkType: row.link_type,
        evidence: row.evidence,
        confidence: row.confidence,
        weight: row.weight,
        ...present("createdAt", row.created_at),
        ...present("metadata", row.metadata),
      }));
    },

    getEntityIdsForMemories: async (memoryIds, { bankId, signal }) => {
      const bank = storableId(bankId, "bankId");
      const { rows } = await database.read(
        bank,
        (query) =>
          query(
            `SELECT memory_id, entity_id FROM ${schema}.astrocyte_mentions
              WHERE bank_id = $1 AND memory_id = ANY($2::text[]) ORDER BY memory_id, entity_id`,
            [bank, storableIds(memoryIds)],
          ),
        { signal },
      );
      const found = new Map<string, string[]>();
      for (const { memory_id: memoryId, entity_id: entityId } of mentionRows.parse(rows)) {
        const ids = found.get(memoryId);
        if (ids === undefined) found.set(memoryId, [entityId]);
        else ids.push(entityId);
      }
      return Object.fromEntries(found);
    },
  };
}
