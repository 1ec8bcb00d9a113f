import { ConfigError } from "../../../errors.js";

const daySeconds = 86_400;
// The contract rounds ln 2; the scores that other implementations stored agree with the rounded one only.
// oxlint-disable-next-line oxc/approx-constant
const decay = 0.693;
const recallsForFullFrequency = 100;
/** How much slower a memory's freshness fades than its recency. */
const freshnessFactor = 4;

export interface MemoryUse {
  /** Seconds since it was recalled last. */
  readonly lastRecalledSecondsAgo: number;
  /** Seconds since it was retained. */
  readonly createdSecondsAgo: number;
  readonly recallCount: number;
  /** Mean relevance of its recalls; brought into `[0, 1]`. */
  readonly averageRelevance: number;
}

export interface UtilityOptions {
  /** Days after which recency is halved; freshness takes four times as long. @defaultValue 7 */
  readonly recencyHalfLifeDays?: number | undefined;
  /** @defaultValue 0.3 */
  readonly recencyWeight?: number | undefined;
  /** @defaultValue 0.2 */
  readonly frequencyWeight?: number | undefined;
  /** @defaultValue 0.3 */
  readonly relevanceWeight?: number | undefined;
  /** @defaultValue 0.2 */
  readonly freshnessWeight?: number | undefined;
}

/** Each part in `[0, 1]`; `composite` is their weighted mean. */
export interface MemoryUtility {
  readonly recency: number;
  readonly frequency: number;
  readonly relevance: number;
  readonly freshness: number;
  readonly composite: number;
}

function faded(seconds: number, halfLifeDays: number): number {
  if (halfLifeDays <= 0) return 0;
  return Math.exp((-decay * Math.max(0, seconds)) / (halfLifeDays * daySeconds));
}

/** @throws ConfigError that names the weight, when one is negative or not finite. */
function assertWeights(weights: Readonly<Record<string, number>>): void {
  for (const [name, weight] of Object.entries(weights)) {
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new ConfigError(`${name}: expected a number of at least 0, got ${weight}`);
    }
  }
}

/**
 * How useful a memory has shown itself to be: recalled lately and often, with relevance, and not old. Weights of 0 throughout
 * give 0.
 *
 * @throws ConfigError when a weight is negative.
 * @remarks Contract 05 section 9.9.
 */
export function memoryUtility(
  { lastRecalledSecondsAgo, createdSecondsAgo, recallCount, averageRelevance }: MemoryUse,
  {
    recencyHalfLifeDays = 7,
    recencyWeight = 0.3,
    frequencyWeight = 0.2,
    relevanceWeight = 0.3,
    freshnessWeight = 0.2,
  }: UtilityOptions = {},
): MemoryUtility {
  assertWeights({ recencyWeight, frequencyWeight, relevanceWeight, freshnessWeight });
  const recency = faded(lastRecalledSecondsAgo, recencyHalfLifeDays);
  const frequency = Math.min(1, recallCount / recallsForFullFrequency);
  const relevance = Math.min(1, Math.max(0, averageRelevance));
  const freshness = faded(createdSecondsAgo, recencyHalfLifeDays * freshnessFactor);
  const total = recencyWeight + frequencyWeight + relevanceWeight + freshnessWeight;
  const sum =
    recencyWeight * recency +
    frequencyWeight * frequency +
    relevanceWeight * relevance +
    freshnessWeight * freshness;
  return { recency, frequency, relevance, freshness, composite: total === 0 ? 0 : sum / total };
}
