import { systemClock, type Clock } from "../clock.js";
import { ConfigError } from "../errors.js";

export type NoisyBankReason = "retain_spike" | "short_content" | "duplicates";

export interface NoisyBankDetectorOptions {
  /** How many times its mean rate a bank may retain in one minute. @defaultValue 5 */
  readonly retainSpikeMultiplier?: number | undefined;
  /** Mean length below which contents count as noise, in code points. @defaultValue 20 */
  readonly minAvgContentLength?: number | undefined;
  /** Highest share of duplicates, in [0, 1]. @defaultValue 0.8 */
  readonly maxDedupRate?: number | undefined;
  /** Retains of the last hour without which nothing is judged. @defaultValue 20 */
  readonly minSamples?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** One retain, stored or not. */
export interface RetainObservation {
  /** In code points. */
  readonly contentLength: number;
  readonly deduplicated: boolean;
}

export interface NoisyBankAssessment {
  readonly noisy: boolean;
  /** Whether the verdict before was the other way; a bank that was never judged counts as not noisy. */
  readonly changed: boolean;
  readonly reasons: NoisyBankReason[];
}

interface Bank {
  minutes: Minute[];
  /** The last verdict. */
  wasNoisy: boolean;
  /** When a verdict began that still holds, on the monotonic clock. */
  noisySinceMs: number | undefined;
  /** After a verdict that ran out, until a better one. */
  isOnTrial: boolean;
}

/** What one minute saw. */
interface Minute {
  readonly minute: number;
  retains: number;
  /** Those since the last verdict that ran out, of which the rest is the sum. */
  judged: number;
  contentLength: number;
  duplicates: number;
}

const minuteMs = 60_000;
const windowMinutes = 60;
/** How long a verdict holds against a bank. */
const verdictMs = 60_000;
const maxBanks = 10_000;

function checkNumber(key: string, value: number, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) {
    const range = most === Number.MAX_VALUE ? `at least ${least}` : `from ${least} to ${most}`;
    throw new ConfigError(`noisy_bank.${key}: expected a number ${range}, got ${String(value)}`);
  }
  return value;
}

function recent(minutes: readonly Minute[], minute: number): Minute[] {
  return minutes.filter((seen) => seen.minute > minute - windowMinutes);
}

/** Lets a bank begin again, with its rate alone remembered. */
function forgive(bank: Bank): void {
  bank.noisySinceMs = undefined;
  bank.isOnTrial = true;
  for (const seen of bank.minutes) {
    seen.judged = 0;
    seen.contentLength = 0;
    seen.duplicates = 0;
  }
}

/**
 * Tells banks that fill with noise. Over the last 60 minutes of a bank, by a clock that never goes back:
 *
 * - `retain_spike`: the current minute has more retains than the multiplier times the mean of the minutes before it, from the
 *   first one in which the bank was seen, empty ones included; a mean below 1 counts as 1, and a bank's first minute is none;
 * - `short_content`: the mean content length is below the least;
 * - `duplicates`: the share of duplicates is above the highest.
 *
 * A verdict holds for a minute. Then the contents that led to it are forgiven, and the next one decides whether the bank is
 * noisy for another minute or free: a bank that is kept from retaining could not improve its means otherwise.
 *
 * At most 10 000 banks are remembered; the one that retained longest ago is forgotten first.
 */
export class NoisyBankDetector {
  readonly #banks = new Map<string, Bank>();
  readonly #retainSpikeMultiplier: number;
  readonly #minAvgContentLength: number;
  readonly #maxDedupRate: number;
  readonly #minSamples: number;
  readonly #clock: Clock;

  /** @throws ConfigError for a number out of its range. */
  constructor({
    retainSpikeMultiplier = 5,
    minAvgContentLength = 20,
    maxDedupRate = 0.8,
    minSamples = 20,
    clock = systemClock,
  }: NoisyBankDetectorOptions = {}) {
    const max = Number.MAX_VALUE;
    this.#retainSpikeMultiplier = checkNumber(
      "retain_spike_multiplier",
      retainSpikeMultiplier,
      1,
      max,
    );
    this.#minAvgContentLength = checkNumber("min_avg_content_length", minAvgContentLength, 0, max);
    this.#maxDedupRate = checkNumber("max_dedup_rate", maxDedupRate, 0, 1);
    this.#minSamples = checkNumber("min_samples", minSamples, 1, max);
    this.#clock = clock;
  }

  /** Banks remembered now. */
  get bankCount(): number {
    return this.#banks.size;
  }

  /** Counts a retain. */
  record(bankId: string, { contentLength, deduplicated }: RetainObservation): void {
    const minute = this.#minute();
    const bank = this.#banks.get(bankId) ?? {
      minutes: [],
      wasNoisy: false,
      noisySinceMs: undefined,
      isOnTrial: false,
    };
    bank.minutes = recent(bank.minutes, minute);
    let current = bank.minutes.at(-1);
    if (current?.minute !== minute) {
      current = { minute, retains: 0, judged: 0, contentLength: 0, duplicates: 0 };
      bank.minutes.push(current);
    }
    current.retains += 1;
    current.judged += 1;
    current.contentLength += contentLength;
    if (deduplicated) current.duplicates += 1;
    // Set anew, a bank comes last in the order of the map.
    this.#banks.delete(bankId);
    this.#banks.set(bankId, bank);
    for (const oldest of this.#banks.keys()) {
      if (this.#banks.size <= maxBanks) break;
      this.#banks.delete(oldest);
    }
  }

  /** Judges a bank now; one that was never seen is not noisy. */
  assess(bankId: string): NoisyBankAssessment {
    const bank = this.#banks.get(bankId);
    if (bank === undefined) return { noisy: false, changed: false, reasons: [] };
    const minute = this.#minute();
    const nowMs = this.#clock.monotonic();
    if (bank.noisySinceMs !== undefined && nowMs - bank.noisySinceMs >= verdictMs) forgive(bank);
    const minSamples = bank.isOnTrial ? 1 : this.#minSamples;
    const reasons = this.#reasons(recent(bank.minutes, minute), minute, minSamples);
    if (reasons === undefined) return { noisy: false, changed: false, reasons: [] };
    const noisy = reasons.length > 0;
    const changed = noisy !== bank.wasNoisy;
    bank.wasNoisy = noisy;
    bank.noisySinceMs = noisy ? (bank.noisySinceMs ?? nowMs) : undefined;
    if (!noisy) bank.isOnTrial = false;
    return { noisy, changed, reasons };
  }

  /** Forgets all banks. */
  reset(): void {
    this.#banks.clear();
  }

  #minute(): number {
    return Math.floor(this.#clock.monotonic() / minuteMs);
  }

  /** Undefined when too little was seen to judge by. */
  #reasons(
    minutes: readonly Minute[],
    minute: number,
    minSamples: number,
  ): NoisyBankReason[] | undefined {
    const sum = (of: (seen: Minute) => number) =>
      minutes.reduce((total, seen) => total + of(seen), 0);
    const retains = sum((seen) => seen.retains);
    const judged = sum((seen) => seen.judged);
    const reasons: NoisyBankReason[] = [];
    if (retains >= this.#minSamples && this.#isSpike(minutes, minute, retains)) {
      reasons.push("retain_spike");
    }
    if (judged < minSamples) return reasons.length > 0 ? reasons : undefined;
    if (sum((seen) => seen.contentLength) / judged < this.#minAvgContentLength) {
      reasons.push("short_content");
    }
    if (sum((seen) => seen.duplicates) / judged > this.#maxDedupRate) reasons.push("duplicates");
    return reasons;
  }

  #isSpike(minutes: readonly Minute[], minute: number, retains: number): boolean {
    const first = minutes[0];
    const current = minutes.at(-1);
    if (first === undefined || current?.minute !== minute || first.minute === minute) return false;
    const mean = (retains - current.retains) / (minute - first.minute);
    return current.retains > this.#retainSpikeMultiplier * Math.max(1, mean);
  }
}
