import { matchesFilters } from "../../../dto/filters.js";
import { createdAtKey } from "../../../dto/reserved.js";
import { timestampMs } from "../../../dto/timestamp.js";
import type { VectorItem } from "../../../dto/vector.js";
import { listAllVectors } from "../../list-all-vectors.js";
import type { Pipeline } from "../../pipeline.js";
import { candidateFromItem, type Candidate } from "../candidate.js";
import type { Strategy, StrategyInput } from "./strategy.js";

const dayMs = 86_400_000;

/** When the memory's event happened, else when it was retained. */
function instantMs(item: VectorItem): number | undefined {
  const createdAt = item.metadata?.[createdAtKey];
  const instant = item.occurredAt ?? (typeof createdAt === "string" ? createdAt : item.retainedAt);
  const ms = instant === undefined ? Number.NaN : timestampMs(instant);
  return Number.isNaN(ms) ? undefined : ms;
}

/** `2^(-age / halfLife)`: 1 for now, 0.5 after one half-life. */
function recencyScore(ageDays: number, halfLifeDays: number): number {
  return halfLifeDays > 0 ? 2 ** (-Math.max(0, ageDays) / halfLifeDays) : 1;
}

async function recentItems(pipeline: Pipeline, input: StrategyInput): Promise<VectorItem[]> {
  const { vectorStore, options } = pipeline;
  const { bankId, filters, limit, signal } = input;
  if (vectorStore.listRecentVectors !== undefined) {
    return vectorStore.listRecentVectors({ bankId, filters, limit, signal });
  }
  const items: VectorItem[] = [];
  const cap = options.temporalScanCap ?? 500;
  for await (const item of listAllVectors(vectorStore, { bankId, signal })) {
    items.push(item);
    if (items.length >= cap) break;
  }
  return items;
}

async function search(pipeline: Pipeline, input: StrategyInput): Promise<Candidate[]> {
  const { filters, limit } = input;
  const halfLifeDays = pipeline.options.temporalHalfLifeDays ?? 7;
  // Travelling in time, "recent" means recent then.
  const nowMs = filters.asOf === undefined ? pipeline.clock.now() : timestampMs(filters.asOf);
  const candidates: Candidate[] = [];
  for (const item of await recentItems(pipeline, input)) {
    const ms = instantMs(item);
    if (ms === undefined || !matchesFilters(item, filters)) continue;
    candidates.push(candidateFromItem(item, recencyScore((nowMs - ms) / dayMs, halfLifeDays)));
  }
  return candidates.toSorted((a, b) => b.score - a.score).slice(0, limit);
}

/** By recency alone, whatever the query says: a ranking signal beside the others. */
export const temporal: Strategy = (pipeline, input) =>
  pipeline.options.enableTemporalRetrieval === false ? undefined : search(pipeline, input);
