import { matchesFilters } from "../../dto/filters.js";
import type { MemoryHit } from "../../dto/recall.js";
import type { ReflectRequest } from "../../dto/reflect.js";
import { sourceKey, suspectKey } from "../../dto/reserved.js";
import type { VectorItem } from "../../dto/vector.js";
import { findVectors } from "../list-all-vectors.js";
import type { Pipeline } from "../pipeline.js";
import { sourceMemoryIds } from "../recall/expansion/source-memory-ids.js";
import type { RecallCallOptions } from "../recall/recall.js";

function toHit(item: VectorItem): MemoryHit {
  const { id, vector: _vector, metadata, ...fields } = item;
  const { [sourceKey]: source, ...facts } = metadata ?? {};
  return {
    ...fields,
    ...(metadata === undefined ? {} : { metadata: facts }),
    ...(typeof source === "string" ? { source } : {}),
    memoryId: id,
    score: 0,
  };
}

/**
 * The memories that derived ones were made of, in the order in which they are named, without those that are known already and
 * without what the request's filters leave out. Their score is 0.
 *
 * @param limit - Most memories to return.
 */
export async function sourcesOfHits(
  { vectorStore }: Pipeline,
  { bankId, tags, asOf }: ReflectRequest,
  derived: readonly MemoryHit[],
  known: ReadonlySet<string | undefined>,
  limit: number,
  { signal, excludeSuspects = false }: RecallCallOptions,
): Promise<MemoryHit[]> {
  const named = derived.flatMap(({ metadata }) => sourceMemoryIds(metadata));
  const ids = [...new Set(named)].filter((id) => !known.has(id));
  if (ids.length === 0 || limit <= 0) return [];
  const found = await findVectors(vectorStore, ids, { bankId, signal });
  return ids
    .flatMap((id) => found.get(id) ?? [])
    .filter((item) => matchesFilters(item, { tags, asOf }))
    .filter((item) => !(excludeSuspects && item.metadata?.[suspectKey] !== undefined))
    .slice(0, limit)
    .map(toHit);
}
