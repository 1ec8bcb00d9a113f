import { createdAtKey } from "../../../dto/reserved.js";
import { timestampMs } from "../../../dto/timestamp.js";
import type { VectorItem } from "../../../dto/vector.js";
import { listAllVectors } from "../../list-all-vectors.js";
import type { Pipeline } from "../../pipeline.js";
import { candidateFromItem } from "../candidate.js";
import { fetchMatching, type Fetched } from "../fetch-matching.js";
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

/** The newest memories, or as many as the scan cap allows from a store that cannot tell which those are. */
async function recentItems(
  { vectorStore, options }: Pipeline,
  { bankId, filters, signal }: StrategyInput,
  count: number,
): Promise<VectorItem[]> {
  if (vectorStore.listRecentVectors !== undefined) {
    return vectorStore.listRecentVectors({ bankId, filters, limit: count, signal });
  }
  const items: VectorItem[] = [];
  const cap = options.temporalScanCap ?? 500;
  for await (const item of listAllVectors(vectorStore, { bankId, signal })) {
    items.push(item);
    if (items.length >= cap) break;
  }
  return items;
}

/** By recency alone, whatever the query says: a ranking signal beside the others. */
export const temporal: Strategy = {
  applies: ({ options }) => options.enableTemporalRetrieval !== false,
  search: (pipeline, input) => {
    const { filters, limit } = input;
    const { clock, options, vectorStore } = pipeline;
    const halfLifeDays = options.temporalHalfLifeDays ?? 7;
    // Travelling in time, "recent" means recent then.
    const nowMs = filters.asOf === undefined ? clock.now() : timestampMs(filters.asOf);
    const fetch = async (count: number): Promise<Fetched> => {
      const items = await recentItems(pipeline, input, count);
      const candidates = items.flatMap((item) => {
        const ms = instantMs(item);
        if (ms === undefined) return [];
        return [candidateFromItem(item, recencyScore((nowMs - ms) / dayMs, halfLifeDays))];
      });
      return {
        candidates: candidates.toSorted((a, b) => b.score - a.score),
        exhausted: vectorStore.listRecentVectors === undefined || items.length < count,
      };
    };
    return fetchMatching(fetch, input, limit);
  },
};
