import type { AstrocyteContext } from "./dto/identity.js";
import type { Metadata } from "./dto/metadata.js";
import type { CallOptions } from "./spi/call-options.js";

/** A point in time as callers have it: a `Date`, milliseconds since the Unix epoch, or ISO 8601 text. */
export type Instant = Date | number | string;

/** What every operation takes. */
interface OperationOptions extends CallOptions {
  readonly bankId: string;
  /** Who calls; needed where access is controlled. */
  readonly context?: AstrocyteContext | undefined;
}

export interface RetainOptions extends OperationOptions {
  readonly tags?: readonly string[] | undefined;
  /** Flat facts about the content. Keys that begin with `_` are the framework's and are left out. */
  readonly metadata?: Metadata | undefined;
  /** When the event happened, not when it is stored. */
  readonly occurredAt?: Instant | undefined;
  readonly source?: string | undefined;
  /** text, conversation, transcript, document, email, event; decides how content is cleaned and cut. @defaultValue "text" */
  readonly contentType?: string | undefined;
  /**
   * Repeating a retain with the same key in the same bank stores nothing and gives the same ids. With other content it is
   * `ASTROCYTE_IDEMPOTENCY_CONFLICT`.
   */
  readonly idempotencyKey?: string | undefined;
}

/** One content of {@link Astrocyte.retainMany}. */
export interface RetainItem extends Omit<RetainOptions, keyof OperationOptions> {
  readonly content: string;
}

export type RetainManyOptions = OperationOptions;

export interface RecallOptions extends OperationOptions {
  /** Most hits to return; less than 1 counts as 1. @defaultValue 10 */
  readonly maxResults?: number | undefined;
  /** Token budget of all hits together; absent or 0 means the configured one. */
  readonly maxTokens?: number | undefined;
  /** Any of these tags; an untagged memory never matches. */
  readonly tags?: readonly string[] | undefined;
  readonly factTypes?: readonly string[] | undefined;
  /** First and last instant of the event, both included; an undated memory never matches. */
  readonly timeRange?: readonly [Instant, Instant] | undefined;
  /** Only what was retained by then. */
  readonly asOf?: Instant | undefined;
  /** Only memories whose `metadata.session_id` is this. */
  readonly sessionId?: string | undefined;
  /** Also memories that read like instructions, where the configuration quarantines them. @defaultValue false */
  readonly includeQuarantined?: boolean | undefined;
}

export interface ReflectOptions extends OperationOptions {
  /** Token budget of the evidence, and most tokens of the answer. */
  readonly maxTokens?: number | undefined;
  /** Whether `sources` come with the answer. @defaultValue true */
  readonly includeSources?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly asOf?: Instant | undefined;
}

/** Selectors combine with AND; none selects nothing. `scope: "all"` empties the bank and stands alone. */
export interface ForgetOptions extends OperationOptions {
  readonly memoryIds?: readonly string[] | undefined;
  /** Any of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** Memories whose event happened before; an undated memory never matches. */
  readonly beforeDate?: Instant | undefined;
  readonly scope?: "all" | undefined;
  /**
   * Deletes in spite of a legal hold, for an erasure that the law demands. Needs a `context`, and the permission `admin` where
   * access is controlled. @defaultValue false
   */
  readonly compliance?: boolean | undefined;
  /** Why a compliance deletion is made, for the log. @defaultValue "compliance_forget_request" */
  readonly reason?: string | undefined;
}
