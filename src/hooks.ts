import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.js";
import type { Metadata } from "./dto/metadata.js";
import { toTimestamp, type Timestamp } from "./dto/timestamp.js";
import { InvalidArgumentError } from "./errors.js";
import type { Logger } from "./logger.js";

/** The events of the contract. Those of parts that do not exist yet are known, and not fired. */
export const hookTypes = [
  "on_retain",
  "on_recall",
  "on_reflect",
  "on_forget",
  "on_pii_detected",
  "on_rate_limited",
  "on_circuit_breaker_open",
  "on_circuit_breaker_close",
  "on_dedup_detected",
  "on_noisy_bank",
  "on_legal_hold",
  "on_bank_created",
  "on_bank_deleted",
  "on_ttl_expiry",
  "on_consolidation",
  "on_export",
  "on_import",
] as const;
export type HookType = (typeof hookTypes)[number];

/** What a handler gets. `data` holds counts, lengths, ids and names; never content, queries or personal data. */
export interface HookEvent {
  /** 32 hex characters. */
  readonly eventId: string;
  readonly type: HookType;
  readonly timestamp: Timestamp;
  readonly bankId?: string | undefined;
  readonly data: Metadata;
}

export type HookHandler = (event: HookEvent) => void | Promise<void>;

/** The handlers of one brain. A failing one is reported, and disturbs neither the others nor the operation. */
export class Hooks {
  readonly #handlers = new Map<HookType, Set<HookHandler>>();
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * @returns A function that takes the handler off again.
   * @throws InvalidArgumentError for an unknown event; the message lists the known ones.
   */
  register(type: HookType, handler: HookHandler): () => void {
    if (!hookTypes.includes(type) || typeof handler !== "function") {
      throw new InvalidArgumentError(
        `registerHook: expected one of ${hookTypes.join(", ")} and a function`,
      );
    }
    const handlers = this.#handlers.get(type) ?? new Set();
    // A function of its own, so that the same handler can be registered twice.
    const own: HookHandler = (event) => handler(event);
    handlers.add(own);
    this.#handlers.set(type, handlers);
    return () => void handlers.delete(own);
  }

  has(type: HookType): boolean {
    return (this.#handlers.get(type)?.size ?? 0) > 0;
  }

  /** Runs the handlers one after the other, in the order of their registration, and waits for each. */
  async fire(type: HookType, bankId: string | undefined, data: Metadata): Promise<void> {
    const handlers = this.#handlers.get(type);
    if (handlers === undefined) return;
    for (const handler of handlers) {
      const event: HookEvent = {
        eventId: randomBytes(16).toString("hex"),
        type,
        timestamp: toTimestamp(this.#clock.now()),
        ...(bankId === undefined ? {} : { bankId }),
        data: { ...data },
      };
      try {
        await handler(event);
      } catch (error) {
        this.#logger.warn("astrocyte.hook.error", {
          event_type: type,
          error: error instanceof Error ? error.name : typeof error,
        });
      }
    }
  }
}
