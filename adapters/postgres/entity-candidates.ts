import {
  cosineSimilarity,
  toTimestamp,
  type Entity,
  type EntityCandidateMatch,
  type GraphStore,
} from "astrocyte";
import * as z from "zod";
import { foldName, nameSimilarity } from "../internal/name-similarity.js";
import { present } from "../internal/present.js";
import { storableId } from "../internal/storable.js";
import { toCount } from "../internal/to-count.js";
import { entityColumns, toEntities } from "./entities.js";
import type { Database, Query } from "./open-database.js";
import { textColumn } from "./rows.js";

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

const contextRows = z.array(
  z.object({ id: z.string(), names: z.array(z.string()), last_seen: textColumn }),
);

const contextSql = (schema: string): string => `
  SELECT e.id,
    array(SELECT DISTINCT other.name FROM ${schema}.astrocyte_entities other
      WHERE other.bank_id = $1 AND other.id IN (
        SELECT l.entity_b FROM ${schema}.astrocyte_entity_links l
          WHERE l.bank_id = $1 AND l.entity_a = e.id AND l.link_type = 'co_occurs'
        UNION
        SELECT l.entity_a FROM ${schema}.astrocyte_entity_links l
          WHERE l.bank_id = $1 AND l.entity_b = e.id AND l.link_type = 'co_occurs')) AS names,
    (SELECT max(coalesce(m.retained_at, m.occurred_at)) FROM ${schema}.astrocyte_mentions n
      JOIN ${schema}.astrocyte_memories m ON m.bank_id = $1 AND m.id = n.memory_id
      WHERE n.bank_id = $1 AND n.entity_id = e.id) AS last_seen
  FROM ${schema}.astrocyte_entities e WHERE e.bank_id = $1 AND e.id = ANY($2::text[])`;

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

/** Entities with similar names. Every entity of the bank is compared, by its name and its aliases. */
export function candidateMethods(database: Database): CandidateMethods {
  const { schema } = database;
  const entitiesOf = async (query: Query, bankId: string): Promise<Entity[]> => {
    const { rows } = await query(
      `SELECT ${entityColumns} FROM ${schema}.astrocyte_entities e WHERE e.bank_id = $1 ORDER BY e.id`,
      [bankId],
    );
    return toEntities(rows);
  };

  return {
    findEntityCandidates: async (name, { bankId, threshold = 0.8, limit = 5, signal }) => {
      const wanted = foldName(name);
      const count = toCount(limit, "limit");
      const bank = storableId(bankId, "bankId");
      const entities = await database.read(bank, (query) => entitiesOf(query, bank), { signal });
      return entities
        .map((entity) => ({ entity, similarity: bestSimilarity(wanted, entity) }))
        .filter(({ similarity }) => similarity >= threshold)
        .toSorted((a, b) => b.similarity - a.similarity)
        .slice(0, count)
        .map(({ entity }) => entity);
    },

    findEntityCandidatesScored: async (
      name,
      { bankId, nameEmbedding, trigramThreshold = 0.3, limit = 10, signal },
    ) => {
      const bank = storableId(bankId, "bankId");
      const count = toCount(limit, "limit");
      const wanted = foldName(name);
      const entities = await database.read(bank, (query) => entitiesOf(query, bank), { signal });
      const best = entities
        .map((entity) => {
          const byName = bestSimilarity(wanted, entity);
          const byEmbedding = embeddingSimilarity(nameEmbedding, entity.embedding);
          return { entity, byName, byEmbedding, score: Math.max(byName, byEmbedding ?? 0) };
        })
        .filter(({ score }) => score >= trigramThreshold)
        .toSorted((a, b) => b.score - a.score)
        .slice(0, count);
      if (best.length === 0) return [];

      const ids = best.map(({ entity }) => entity.id);
      const { rows } = await database.read(
        bank,
        (query) => query(contextSql(schema), [bank, ids]),
        { signal },
      );
      const contexts = new Map(contextRows.parse(rows).map((row) => [row.id, row]));
      return best.map(({ entity, byName, byEmbedding }): EntityCandidateMatch => {
        const context = contexts.get(entity.id);
        const names = (context?.names ?? []).map((other) => other.toLowerCase());
        return {
          entity,
          nameSimilarity: byName,
          ...present("embeddingSimilarity", byEmbedding),
          coOccurringNames: [...new Set(names)].toSorted(),
          ...present("lastSeen", context?.last_seen ?? recordedLastSeen(entity)),
          mentionCount: entity.mentionCount,
        };
      });
    },
  };
}
