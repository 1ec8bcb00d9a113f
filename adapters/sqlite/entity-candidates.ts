import {
  cosineSimilarity,
  toTimestamp,
  type Entity,
  type EntityCandidateMatch,
  type GraphStore,
} from "astrocyte";
import * as z from "zod";
import { entityColumns, toEntities } from "./entities.js";
import { foldName, nameSimilarity } from "../internal/name-similarity.js";
import type { Database } from "./open-database.js";
import { present } from "../internal/present.js";
import { textColumn } from "./rows.js";
import { storableId } from "../internal/storable.js";
import { toCount } from "../internal/to-count.js";

function namesOf(entity: Entity): string[] {
  return [entity.name, ...(entity.aliases ?? [])].map(foldName);
}

/** Similarity of a folded name to the nearest of an entity's names. */
function bestSimilarity(wanted: string, entity: Entity): number {
  return Math.max(...namesOf(entity).map((name) => nameSimilarity(wanted, name)));
}

/** Cosine in `[0, 1]`; absent when a vector is missing or the lengths differ. */
function embeddingSimilarity(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
): number | undefined {
  return a?.length && a.length === b?.length ? cosineSimilarity(a, b) : undefined;
}

const contextRows = z.array(z.object({ id: z.string(), names: z.string(), last_seen: textColumn }));

const contextSql = `
  SELECT e.id,
    (SELECT json_group_array(DISTINCT other.name) FROM astrocyte_entities other WHERE other.bank_id = ?1 AND other.id IN (
      SELECT l.entity_b FROM astrocyte_entity_links l
        WHERE l.bank_id = ?1 AND l.entity_a = e.id AND l.link_type = 'co_occurs'
      UNION
      SELECT l.entity_a FROM astrocyte_entity_links l
        WHERE l.bank_id = ?1 AND l.entity_b = e.id AND l.link_type = 'co_occurs')) AS names,
    (SELECT max(coalesce(m.retained_at, m.occurred_at)) FROM astrocyte_mentions n
      JOIN astrocyte_memories m ON m.bank_id = ?1 AND m.id = n.memory_id
      WHERE n.bank_id = ?1 AND n.entity_id = e.id) AS last_seen
  FROM astrocyte_entities e WHERE e.bank_id = ?1 AND e.id IN (SELECT value FROM json_each(?2))`;

/** What a host recorded itself, for a graph whose memories live elsewhere. */
function recordedLastSeen({ metadata }: Entity): string | undefined {
  const recorded = metadata?.["last_seen"];
  if (typeof recorded !== "string") return undefined;
  try {
    return toTimestamp(recorded);
  } catch {
    return undefined;
  }
}

type CandidateMethods = Required<
  Pick<GraphStore, "findEntityCandidates" | "findEntityCandidatesScored">
>;

/**
 * Entities with similar names. Every entity of the bank is compared, by its name and its aliases: similarity of names has no
 * index in SQLite.
 */
export function candidateMethods(database: Database): CandidateMethods {
  const entitiesOf = async (bankId: string, signal: AbortSignal | undefined): Promise<Entity[]> => {
    const [result] = await database.read(
      [
        {
          sql: `SELECT ${entityColumns} FROM astrocyte_entities e WHERE e.bank_id = ? ORDER BY e.id`,
          args: [bankId],
        },
      ],
      signal,
    );
    return toEntities(result?.rows);
  };

  return {
    findEntityCandidates: async (name, { bankId, threshold = 0.8, limit = 5, signal }) => {
      const wanted = foldName(name);
      const entities = await entitiesOf(storableId(bankId, "bankId"), signal);
      return entities
        .map((entity) => ({ entity, similarity: bestSimilarity(wanted, entity) }))
        .filter(({ similarity }) => similarity >= threshold)
        .toSorted((a, b) => b.similarity - a.similarity)
        .slice(0, toCount(limit, "limit"))
        .map(({ entity }) => entity);
    },

    findEntityCandidatesScored: async (
      name,
      { bankId, nameEmbedding, trigramThreshold = 0.3, limit = 10, signal },
    ) => {
      const bank = storableId(bankId, "bankId");
      const wanted = foldName(name);
      const entities = await entitiesOf(bank, signal);
      const best = entities
        .map((entity) => {
          const byName = bestSimilarity(wanted, entity);
          const byEmbedding = embeddingSimilarity(nameEmbedding, entity.embedding);
          return { entity, byName, byEmbedding, score: Math.max(byName, byEmbedding ?? 0) };
        })
        .filter(({ score }) => score >= trigramThreshold)
        .toSorted((a, b) => b.score - a.score)
        .slice(0, toCount(limit, "limit"));
      if (best.length === 0) return [];

      const [result] = await database.read(
        [{ sql: contextSql, args: [bank, JSON.stringify(best.map(({ entity }) => entity.id))] }],
        signal,
      );
      const contexts = new Map(contextRows.parse(result?.rows).map((row) => [row.id, row]));
      return best.map(({ entity, byName, byEmbedding }): EntityCandidateMatch => {
        const context = contexts.get(entity.id);
        const names = z.array(z.string()).parse(JSON.parse(context?.names ?? "[]"));
        return {
          entity,
          nameSimilarity: byName,
          ...present("embeddingSimilarity", byEmbedding),
          coOccurringNames: [...new Set(names.map((other) => other.toLowerCase()))].toSorted(),
          ...present("lastSeen", context?.last_seen ?? recordedLastSeen(entity)),
          mentionCount: entity.mentionCount,
        };
      });
    },
  };
}
