import type { EntityCandidateMatch } from "../../../dto/graph.js";
import { timestampMs, type Timestamp } from "../../../dto/timestamp.js";
import { trim } from "../../../internal/whitespace.js";
import type { ResolutionOptions } from "./resolution-options.js";

/** Which evidence was enough. */
export type ResolutionTier = "name" | "embedding" | "composite";

export interface ResolutionScore {
  /** The similarity that decided; 0 when none did. */
  readonly score: number;
  readonly tier?: ResolutionTier | undefined;
}

const dayMs = 86_400_000;

function nameSet(names: readonly string[]): Set<string> {
  return new Set(names.map((name) => trim(name).toLowerCase()).filter((name) => name !== ""));
}

/** The share of the smaller set that is in both. */
function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const smaller = Math.min(left.size, right.size);
  if (smaller === 0) return 0;
  return [...left].filter((name) => right.has(name)).length / smaller;
}

function recency(
  lastSeen: Timestamp | undefined,
  eventDate: Timestamp | undefined,
  windowDays: number,
): number {
  if (lastSeen === undefined || eventDate === undefined) return 0;
  const days = Math.abs(timestampMs(eventDate) - timestampMs(lastSeen)) / dayMs;
  return Math.max(0, 1 - days / windowDays);
}

/**
 * Name similarity, shared company, nearness in time and a bonus for being mentioned often, weighted.
 *
 * @param nearbyNames - Who else the content names.
 * @param eventDate - When what the content tells happened.
 */
export function compositeScore(
  match: EntityCandidateMatch,
  nearbyNames: readonly string[],
  eventDate: Timestamp | undefined,
  options: ResolutionOptions,
): number {
  const { nameWeight, coOccurrenceWeight, recencyWeight, recencyWindowDays } = options;
  const company = overlap(nameSet(nearbyNames), nameSet(match.coOccurringNames));
  const saturation = Math.log1p(match.mentionCount) / Math.log1p(options.mentionSaturation);
  const bonus = match.mentionCount > 1 ? Math.min(1, saturation) * options.mentionBonus : 0;
  return (
    nameWeight * match.nameSimilarity +
    coOccurrenceWeight * company +
    recencyWeight * recency(match.lastSeen, eventDate, recencyWindowDays) +
    bonus
  );
}

/** The first evidence that is enough on its own: the name, then the embedding, then the composite score. */
export function resolutionScore(
  match: EntityCandidateMatch,
  composite: number,
  options: ResolutionOptions,
): ResolutionScore {
  const { nameSimilarity, embeddingSimilarity = 0 } = match;
  if (nameSimilarity >= options.nameThreshold) return { score: nameSimilarity, tier: "name" };
  if (embeddingSimilarity >= options.embeddingThreshold) {
    return { score: embeddingSimilarity, tier: "embedding" };
  }
  if (composite >= options.compositeThreshold) return { score: composite, tier: "composite" };
  return { score: 0 };
}
