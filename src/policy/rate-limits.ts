import type { Clock } from "../clock.js";
import { ConfigError, InvalidArgumentError, RateLimitedError } from "../errors.js";
import { RateLimiter } from "./rate-limiter.js";

/** What is limited; forgetting never is. */
export type LimitedOperation = "retain" | "recall" | "reflect";

/** Calls a minute; absent, null and 0 mean no limit, as the shared configuration has it. */
export interface RateLimitsOptions {
  readonly retainPerMinute?: number | null | undefined;
  readonly recallPerMinute?: number | null | undefined;
  readonly reflectPerMinute?: number | null | undefined;
  /** Of all operations on all banks together. */
  readonly globalPerMinute?: number | null | undefined;
  readonly clock: Clock;
  /** Limits whose global bucket is used instead of one of its own, so that it stays one for all. */
  readonly shared?: RateLimits | undefined;
}

/** The global limit is one bucket, whoever calls. */
const everyBank = "*";
const everyOperation = "*";

function limiterFor(
  setting: string,
  maxPerMinute: number | null | undefined,
  clock: Clock,
): RateLimiter | undefined {
  if (maxPerMinute === undefined || maxPerMinute === null || maxPerMinute === 0) return undefined;
  try {
    return new RateLimiter({ maxPerMinute, clock });
  } catch (error) {
    throw new ConfigError(
      `${setting}: expected a whole number of at least 0, or null, got ${maxPerMinute}`,
      { cause: error },
    );
  }
}

/** The limit of each operation, for every bank apart, and then the global one. */
export class RateLimits {
  readonly #limiters: Readonly<Record<LimitedOperation, RateLimiter | undefined>>;
  readonly #global: RateLimiter | undefined;

  /** @throws ConfigError that names the limit which is negative, a fraction or not a number. */
  constructor(options: RateLimitsOptions) {
    const { clock, retainPerMinute, recallPerMinute, reflectPerMinute, shared } = options;
    this.#limiters = {
      retain: limiterFor("retainPerMinute", retainPerMinute, clock),
      recall: limiterFor("recallPerMinute", recallPerMinute, clock),
      reflect: limiterFor("reflectPerMinute", reflectPerMinute, clock),
    };
    this.#global =
      shared === undefined
        ? limiterFor("globalPerMinute", options.globalPerMinute, clock)
        : shared.#global;
  }

  /**
   * Takes `count` tokens of the operation and as many global ones, or none at all.
   *
   * @throws RateLimitedError that names the caller's bank and operation, whichever limit refused; InvalidArgumentError for more
   *   than a minute's worth, which waiting would never let through.
   */
  take(bankId: string, operation: LimitedOperation, count = 1): void {
    const limiter = this.#limiters[operation];
    const most = Math.min(limiter?.maxPerMinute ?? count, this.#global?.maxPerMinute ?? count);
    if (count > most) {
      throw new InvalidArgumentError(
        `${operation} on bank '${bankId}': ${count} at once, but no more than ${most} a minute are let through; pass them in smaller parts`,
      );
    }
    limiter?.take(bankId, operation, count);
    const decision = this.#global?.tryTake(everyBank, everyOperation, count);
    if (decision === undefined || decision.allowed) return;
    limiter?.giveBack(bankId, operation, count);
    throw new RateLimitedError(bankId, operation, decision.retryAfterMs);
  }
}
