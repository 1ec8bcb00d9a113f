import type { MemoryHit } from "../../../dto/recall.js";
import { timestampMs, type Timestamp } from "../../../dto/timestamp.js";

/** How hits are scored again. Weights need not add up to 1. */
export interface CurateHitsOptions {
  readonly now: Timestamp;
  /** Weight of the recall's own score. @defaultValue 0.3 */
  readonly scoreWeight?: number | undefined;
  /** @defaultValue 0.3 */
  readonly freshnessWeight?: number | undefined;
  /** @defaultValue 0.2 */
  readonly reliabilityWeight?: number | undefined;
  /** @defaultValue 0.2 */
  readonly salienceWeight?: number | undefined;
  /** Age at which a memory counts half as fresh. @defaultValue 30 */
  readonly freshnessHalfLifeDays?: number | undefined;
  /** A hit with a lower score is left out. */
  readonly minScore?: number | undefined;
}

const dayMs = 86_400_000;
const undatedFreshness = 0.5;

/** The natural logarithm of 2 as the contract rounds it. */
const decay = 693 / 1000;

const reliabilityOf: ReadonlyMap<string, number> = new Map([
  ["experience", 0.9],
  ["world", 0.7],
  ["observation", 0.6],
  ["model", 0.5],
]);

const salienceOf: ReadonlyMap<string, number> = new Map([
  ["model", 1],
  ["observation", 0.75],
  ["fact", 0.5],
]);

function freshness(hit: MemoryHit, now: Timestamp, halfLifeDays: number): number {
  if (hit.occurredAt === undefined) return undatedFreshness;
  const days = (timestampMs(now) - timestampMs(hit.occurredAt)) / dayMs;
  if (days <= 0) return 1;
  return halfLifeDays > 0 ? Math.exp((-decay * days) / halfLifeDays) : 0;
}

function reliability({ factType = "", source }: MemoryHit): number {
  const known = reliabilityOf.get(factType) ?? 0.5;
  return source === undefined || source === "" ? known : Math.min(1, known + 0.1);
}

/** Scores hits by relevance, freshness, reliability and salience together, and puts the best first. */
export function curateHits(hits: readonly MemoryHit[], options: CurateHitsOptions): MemoryHit[] {
  const { now, scoreWeight = 0.3, freshnessWeight = 0.3, freshnessHalfLifeDays = 30 } = options;
  const { reliabilityWeight = 0.2, salienceWeight = 0.2, minScore } = options;
  return hits
    .map((hit) => ({
      ...hit,
      score:
        scoreWeight * hit.score +
        freshnessWeight * freshness(hit, now, freshnessHalfLifeDays) +
        reliabilityWeight * reliability(hit) +
        salienceWeight * (salienceOf.get(hit.memoryLayer ?? "") ?? 0.5),
    }))
    .filter(({ score }) => minScore === undefined || score >= minScore)
    .toSorted((a, b) => b.score - a.score);
}
