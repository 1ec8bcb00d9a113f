import type { Clock } from "../clock.js";
import { RateLimitedError } from "../errors.js";
import { pairKey } from "../internal/pair-key.js";
import { assertWholeNumber } from "../internal/whole-number.js";

/** `retryAfterMs` is when the next token is there; absent when none will ever be. */
export type RateDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterMs?: number | undefined };

export interface RateLimiterOptions {
  /** Tokens a minute, and the most that are saved up; a whole number, 0 refuses everything. */
  readonly maxPerMinute: number;
  readonly clock: Clock;
  /** Most pairs of bank and operation with a bucket of their own. @defaultValue 10_000 */
  readonly maxBuckets?: number;
}

/**
 * What is missing from a full bucket, as it was at an instant. A token is 60,000 units and `maxPerMinute` units come
 * back every millisecond, so that with whole milliseconds the arithmetic is exact and no rounding adds up to a token.
 */
interface Bucket {
  missing: number;
  atMs: number;
}

const unitsPerToken = 60_000;

/**
 * A token bucket for every pair of bank and operation, on the monotonic clock; a new bucket is full.
 *
 * Only full buckets are ever dropped, since a new one would be the same. While all `maxBuckets` are in use, pairs that
 * have none share a single one, and a pair that gets its own later starts with what the shared one lacks: using many
 * names never resets a limit.
 */
export class RateLimiter {
  /** Tokens of a full bucket. */
  readonly maxPerMinute: number;
  readonly #clock: Clock;
  readonly #maxBuckets: number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #shared: Bucket;
  /** Before this instant no bucket is full, so looking for one to drop is in vain. */
  #nextFullAtMs = Number.NEGATIVE_INFINITY;

  /** @throws ConfigError when a limit is negative, a fraction or not a number. */
  constructor({ maxPerMinute, clock, maxBuckets = 10_000 }: RateLimiterOptions) {
    assertWholeNumber("maxPerMinute", maxPerMinute);
    assertWholeNumber("maxBuckets", maxBuckets, 1);
    this.maxPerMinute = maxPerMinute;
    this.#clock = clock;
    this.#maxBuckets = maxBuckets;
    this.#shared = { missing: 0, atMs: clock.monotonic() };
  }

  /** Buckets that are kept at the moment, at most `maxBuckets`. */
  get size(): number {
    return this.#buckets.size;
  }

  /** What {@link tryTake} would answer now; takes nothing. */
  peek(bankId: string, operation: string): RateDecision {
    return this.#decide(this.#existing(bankId, operation));
  }

  /** Takes `count` tokens when there are so many, else none. More than a full bucket has will never be there. */
  tryTake(bankId: string, operation: string, count = 1): RateDecision {
    const bucket = this.#ownOrShared(bankId, operation);
    const decision = this.#decide(bucket, count);
    if (decision.allowed) bucket.missing += count * unitsPerToken;
    return decision;
  }

  /** @throws RateLimitedError when there are fewer than `count` tokens; then none is taken. */
  take(bankId: string, operation: string, count = 1): void {
    const decision = this.tryTake(bankId, operation, count);
    if (!decision.allowed) throw new RateLimitedError(bankId, operation, decision.retryAfterMs);
  }

  /** Takes a token for a call that was let through without asking; an empty bucket stays empty. */
  charge(bankId: string, operation: string): void {
    const bucket = this.#ownOrShared(bankId, operation);
    const capacity = this.maxPerMinute * unitsPerToken;
    bucket.missing = Math.min(this.#refilled(bucket) + unitsPerToken, capacity);
  }

  /** Returns tokens that were taken for calls which then did not take place. */
  giveBack(bankId: string, operation: string, count = 1): void {
    const bucket = this.#existing(bankId, operation);
    bucket.missing = Math.max(0, this.#refilled(bucket) - count * unitsPerToken);
    this.#nextFullAtMs = Math.min(this.#nextFullAtMs, this.#fullAtMs(bucket));
  }

  #decide(bucket: Bucket, count = 1): RateDecision {
    if (count > this.maxPerMinute) return { allowed: false };
    const excess = this.#refilled(bucket) + (count - this.maxPerMinute) * unitsPerToken;
    return excess <= 0
      ? { allowed: true }
      : { allowed: false, retryAfterMs: excess / this.maxPerMinute };
  }

  /** Brings a bucket up to now and tells what it lacks. */
  #refilled(bucket: Bucket): number {
    const nowMs = this.#clock.monotonic();
    bucket.missing = Math.max(0, bucket.missing - (nowMs - bucket.atMs) * this.maxPerMinute);
    bucket.atMs = nowMs;
    return bucket.missing;
  }

  #fullAtMs({ missing, atMs }: Bucket): number {
    return atMs + missing / this.maxPerMinute;
  }

  #existing(bankId: string, operation: string): Bucket {
    return this.#buckets.get(pairKey(bankId, operation)) ?? this.#shared;
  }

  #ownOrShared(bankId: string, operation: string): Bucket {
    const key = pairKey(bankId, operation);
    const existing = this.#buckets.get(key);
    if (existing !== undefined) return existing;
    if (this.#buckets.size >= this.#maxBuckets) this.#dropFull();
    if (this.#buckets.size >= this.#maxBuckets) return this.#shared;
    const bucket = { missing: this.#refilled(this.#shared), atMs: this.#shared.atMs };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #dropFull(): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs < this.#nextFullAtMs) return;
    this.#nextFullAtMs = Number.POSITIVE_INFINITY;
    for (const [key, bucket] of this.#buckets) {
      const fullAtMs = this.#fullAtMs(bucket);
      if (fullAtMs <= nowMs) this.#buckets.delete(key);
      else this.#nextFullAtMs = Math.min(this.#nextFullAtMs, fullAtMs);
    }
  }
}
