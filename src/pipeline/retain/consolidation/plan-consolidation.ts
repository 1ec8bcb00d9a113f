import { toTimestamp, timestampMs, type Timestamp } from "../../../dto/timestamp.js";
import type { VectorItem } from "../../../dto/vector.js";
import { NearVectors } from "./near-vectors.js";

const dayMs = 86_400_000;

export interface ConsolidationRules {
  readonly now: Timestamp;
  /** Cosine from which two memories say the same. @defaultValue 0.95 */
  readonly similarityThreshold?: number | undefined;
  /** Days without recall (or since the retain) from which a memory is stale; without it none is. */
  readonly staleAfterDays?: number | undefined;
  /** A memory with one of these tags is kept. */
  readonly exemptTags?: readonly string[] | undefined;
}

/** What a bank can do without; no memory is in both lists. */
export interface ConsolidationPlan {
  readonly scanned: number;
  /** Later repetitions of a memory that stays. */
  readonly duplicateIds: readonly string[];
  readonly staleIds: readonly string[];
}

/** Memories are compared only when nothing but their words could tell them apart. */
function comparisonKey({ tags, factType, vector }: VectorItem): string {
  return JSON.stringify([[...new Set(tags)].toSorted(), factType ?? null, vector.length]);
}

function instant(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return timestampMs(toTimestamp(value));
  } catch {
    return undefined;
  }
}

/** An undated memory is never stale. */
function isStale({ metadata }: VectorItem, nowMs: number, days: number): boolean {
  const seen = instant(metadata?.["_last_recalled_at"]) ?? instant(metadata?.["_created_at"]);
  return seen !== undefined && nowMs - seen >= days * dayMs;
}

/**
 * Finds repetitions and stale memories. A memory is a repetition when an earlier one that stays has the same tags, the same
 * fact type and a vector as near as the threshold asks; one without a vector never is.
 */
export function planConsolidation(
  items: Iterable<VectorItem>,
  rules: ConsolidationRules,
): ConsolidationPlan {
  const { now, similarityThreshold = 0.95, staleAfterDays, exemptTags } = rules;
  const exempt = new Set(exemptTags);
  const nowMs = timestampMs(now);
  const kept = new Map<string, NearVectors>();
  const duplicateIds: string[] = [];
  const staleIds: string[] = [];
  let scanned = 0;
  for (const item of items) {
    scanned += 1;
    const key = comparisonKey(item);
    const near = kept.get(key) ?? new NearVectors();
    kept.set(key, near);
    const isExempt = item.tags?.some((tag) => exempt.has(tag)) === true;
    const hasVector = item.vector.length > 0;
    if (!isExempt && hasVector && near.hasNear(item.vector, similarityThreshold)) {
      duplicateIds.push(item.id);
    } else if (!isExempt && staleAfterDays !== undefined && isStale(item, nowMs, staleAfterDays)) {
      staleIds.push(item.id);
    } else if (hasVector) {
      near.add(item.vector);
    }
  }
  return { scanned, duplicateIds, staleIds };
}
