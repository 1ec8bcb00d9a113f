import type { TimeRange, Timestamp } from "../../../dto/timestamp.js";
import { timestampMs } from "../../../dto/timestamp.js";
import { ConfigError } from "../../../errors.js";
import { byScore } from "./ranked-memory.js";

const dayMs = 86_400_000;
/** What is not known neither raises nor lowers. */
const neutral = 0.5;

/** When what a memory tells of took place, as far as that is known. */
export interface MemoryDates {
  /** When it was said or written. */
  readonly saidAt?: Timestamp | undefined;
  readonly occurredFrom?: Timestamp | undefined;
  readonly occurredTo?: Timestamp | undefined;
}

export interface BoostFacts extends MemoryDates {
  /** Memories that support this one. */
  readonly proofCount?: number | undefined;
}

export interface BoostOptions {
  /** Milliseconds since the epoch from which age is measured. */
  readonly nowMs: number;
  /** The period that a question asks about. */
  readonly queryRange?: TimeRange | undefined;
  /** How far recency moves a score, as a share: 0.2 is 10 % up or down. @defaultValue 0.2 */
  readonly recencyAlpha?: number | undefined;
  /** @defaultValue 0.2 */
  readonly temporalAlpha?: number | undefined;
  /** @defaultValue 0.1 */
  readonly proofAlpha?: number | undefined;
  /** Days after which a memory is as old as any; more than 0. @defaultValue 365 */
  readonly recencyWindowDays?: number | undefined;
}

/**
 * 1 for now or later, falling with age to 0.1 at the end of the window; 0.5 without a date.
 *
 * @throws ConfigError when the window is not longer than 0 days.
 */
export function recencyScore(
  saidAt: Timestamp | undefined,
  nowMs: number,
  windowDays = 365,
): number {
  if (!(windowDays > 0)) {
    throw new ConfigError(`recencyWindowDays: expected more than 0 days, got ${windowDays}`);
  }
  if (saidAt === undefined) return neutral;
  const ageDays = (nowMs - timestampMs(saidAt)) / dayMs;
  return Math.min(1, Math.max(0.1, 1 - ageDays / windowDays));
}

/** A larger share could turn a score's sign. */
function assertAlphas(alphas: Readonly<Record<string, number>>): void {
  for (const [name, alpha] of Object.entries(alphas)) {
    if (!(alpha >= 0 && alpha < 2)) {
      throw new ConfigError(`${name}: expected a number of at least 0 and below 2, got ${alpha}`);
    }
  }
}

/** 1 when a memory's time and the queried period overlap, 0.2 when they do not, 0.5 when either is unknown. */
export function temporalOverlapScore(
  { saidAt, occurredFrom, occurredTo }: MemoryDates,
  queryRange: TimeRange | undefined,
): number {
  const from = occurredFrom ?? saidAt ?? occurredTo;
  if (queryRange === undefined || from === undefined) return neutral;
  // Canonical timestamps compare as text.
  return from <= queryRange[1] && (occurredTo ?? from) >= queryRange[0] ? 1 : 0.2;
}

/** `0.5 + ln(count) / 10`, at most 1; 0.5 for one proof, none, or an unknown number. */
export function proofScore(proofCount: number | undefined): number {
  if (proofCount === undefined || !(proofCount > 1)) return neutral;
  return Math.min(1, neutral + Math.log(proofCount) / 10);
}

/**
 * What a memory's date, its time and its proofs together multiply its score with: `Π (1 + α (s − 0.5))`.
 *
 * @throws ConfigError when the window is not longer than 0 days, or a share is not in `[0, 2)`.
 * @remarks Contract 05 section 9.11.
 */
export function boostMultiplier(
  facts: BoostFacts,
  {
    nowMs,
    queryRange,
    recencyAlpha = 0.2,
    temporalAlpha = 0.2,
    proofAlpha = 0.1,
    recencyWindowDays,
  }: BoostOptions,
): number {
  assertAlphas({ recencyAlpha, temporalAlpha, proofAlpha });
  const recency = recencyScore(facts.saidAt, nowMs, recencyWindowDays) - neutral;
  const temporal = temporalOverlapScore(facts, queryRange) - neutral;
  const proof = proofScore(facts.proofCount) - neutral;
  return (1 + recencyAlpha * recency) * (1 + temporalAlpha * temporal) * (1 + proofAlpha * proof);
}

/** Boosts every score and sorts. A score below 0 is divided instead, so that a boost raises it too. */
export function applyBoosts<Item extends { readonly score: number }>(
  items: readonly Item[],
  factsOf: (item: Item) => BoostFacts,
  options: BoostOptions,
): Item[] {
  return byScore(
    items.map((item) => {
      const multiplier = boostMultiplier(factsOf(item), options);
      const score = item.score < 0 ? item.score / multiplier : item.score * multiplier;
      return { ...item, score };
    }),
  );
}
