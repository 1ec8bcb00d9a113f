import { memoryLinkSchema, parseShape, type GraphStore, type MemoryLink } from "astrocyte";
import * as z from "zod";
import type { Database, Statement } from "./open-database.js";
import { present } from "../internal/present.js";
import { metadataColumn, textColumn } from "./rows.js";
import { storable, storableId } from "../internal/storable.js";
import { toCount } from "../internal/to-count.js";
import { jsonOrNull } from "./values.js";

const linksSchema = z.array(memoryLinkSchema);

function upsert(bankId: string, link: MemoryLink, index: number): Statement {
  return {
    sql: `INSERT INTO astrocyte_memory_links
        (bank_id, source_id, target_id, link_type, evidence, confidence, weight, created_at, metadata)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (bank_id, source_id, target_id, link_type) DO UPDATE SET
        evidence = excluded.evidence, confidence = excluded.confidence, weight = excluded.weight,
        created_at = excluded.created_at, metadata = excluded.metadata`,
    args: [
      bankId,
      storableId(link.sourceMemoryId, `links[${index}].sourceMemoryId`),
      storableId(link.targetMemoryId, `links[${index}].targetMemoryId`),
      storable(link.linkType),
      storable(link.evidence),
      link.confidence,
      link.weight,
      link.createdAt ?? null,
      jsonOrNull(link.metadata),
    ],
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
  return {
    storeMemoryLinks: async (given, { bankId, signal }) => {
      signal?.throwIfAborted();
      const bank = storableId(bankId, "bankId");
      const links = parseShape(linksSchema, given, "links");
      await database.write(
        links.map((link, index) => upsert(bank, link, index)),
        signal,
      );
      return links.map(({ sourceMemoryId, linkType, targetMemoryId }) =>
        JSON.stringify([sourceMemoryId, linkType, targetMemoryId]),
      );
    },

    findMemoryLinks: async (seedIds, { bankId, linkTypes, limit = 200, signal }) => {
      // Two index lookups; one OR over both ends would scan the bank.
      const [result] = await database.read(
        [
          {
            sql: `WITH seeds AS (SELECT value AS id FROM json_each(?2)),
                touching AS (
                  SELECT * FROM astrocyte_memory_links WHERE bank_id = ?1 AND source_id IN seeds
                  UNION
                  SELECT * FROM astrocyte_memory_links WHERE bank_id = ?1 AND target_id IN seeds)
              SELECT * FROM touching
              WHERE ?3 IS NULL OR link_type IN (SELECT value FROM json_each(?3))
              ORDER BY weight * confidence DESC, source_id, target_id, link_type LIMIT ?4`,
            args: [
              storableId(bankId, "bankId"),
              JSON.stringify(seedIds),
              linkTypes === undefined ? null : JSON.stringify(linkTypes.map(storable)),
              toCount(limit, "limit"),
            ],
          },
        ],
        signal,
      );
      return linkRows.parse(result?.rows).map((row) => ({
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
      const [result] = await database.read(
        [
          {
            sql: `SELECT memory_id, entity_id FROM astrocyte_mentions
              WHERE bank_id = ? AND memory_id IN (SELECT value FROM json_each(?)) ORDER BY memory_id, entity_id`,
            args: [storableId(bankId, "bankId"), JSON.stringify(memoryIds)],
          },
        ],
        signal,
      );
      const found = new Map<string, string[]>();
      for (const { memory_id: memoryId, entity_id: entityId } of mentionRows.parse(result?.rows)) {
        const ids = found.get(memoryId);
        if (ids === undefined) found.set(memoryId, [entityId]);
        else ids.push(entityId);
      }
      return Object.fromEntries(found);
    },
  };
}
