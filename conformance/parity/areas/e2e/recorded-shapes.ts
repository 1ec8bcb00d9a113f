import type {
  MemoryHit,
  Metadata,
  RecallResult,
  ReflectResult,
  RetainResult,
  VectorItem,
} from "astrocyte";
import type { IdLabels } from "./id-labels.js";

/** Stamped times, which the recording leaves out, and what only this library keeps beside a memory. */
const ownKeys = [
  "_created_at",
  "_chunk_of",
  "_chunk_count",
  "_content_hash",
  "_source",
  "_position",
  "_obs_source_timestamps",
  "_obs_updated_at",
];

/** Metadata whose values name memories. */
const idKeys = ["_obs_source_ids"];

function metadataOf(metadata: Metadata | undefined, labels: IdLabels): Metadata | undefined {
  const entries = Object.entries(metadata ?? {})
    // The reference drops what it found out about a fact.
    .filter(([key]) => !ownKeys.includes(key) && !key.startsWith("_fact_"))
    .map(([key, value]) => [key, idKeys.includes(key) ? labels.label(String(value)) : value]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export function toRecordedRetain(result: RetainResult, labels: IdLabels) {
  const { stored, memoryId, error, deduplicated } = result;
  return {
    stored,
    memory_id: memoryId === undefined ? undefined : labels.labelOf(memoryId),
    error,
    ...(deduplicated ? { deduplicated } : {}),
  };
}

function toRecordedHit(hit: MemoryHit, labels: IdLabels): unknown {
  return {
    id: hit.memoryId === undefined ? undefined : labels.labelOf(hit.memoryId),
    bank_id: hit.bankId,
    text: hit.text,
    score: hit.score,
    fact_type: hit.factType,
    metadata: metadataOf(hit.metadata, labels),
    tags: hit.tags,
    memory_layer: hit.memoryLayer,
    chunk_id: hit.chunkId,
  };
}

export function toRecordedRecall(result: RecallResult, labels: IdLabels) {
  const { hits, totalAvailable, truncated, topSemanticScore, trace } = result;
  return {
    hits: hits.map((hit) => toRecordedHit(hit, labels)),
    total_available: totalAvailable,
    truncated,
    top_semantic_score: topSemanticScore === 0 ? undefined : topSemanticScore,
    trace:
      trace === undefined
        ? undefined
        : {
            fusion_method: trace.fusionMethod,
            strategies_used: trace.strategiesUsed,
            strategy_candidate_counts: trace.strategyCandidateCounts,
            total_candidates: trace.totalCandidates,
          },
  };
}

export function toRecordedReflect(result: ReflectResult, labels: IdLabels): unknown {
  const { answer, sources, observations, confidence } = result;
  return {
    answer,
    sources: sources?.map(({ memoryId = "" }) => labels.labelOf(memoryId)),
    observations,
    confidence,
  };
}

export function toRecordedItem(item: VectorItem, labels: IdLabels): unknown {
  return {
    id: labels.labelOf(item.id),
    text: item.text,
    fact_type: item.factType,
    metadata: metadataOf(item.metadata, labels),
    tags: item.tags,
    occurred_at: item.occurredAt,
    memory_layer: item.memoryLayer,
    chunk_id: item.chunkId,
  };
}
