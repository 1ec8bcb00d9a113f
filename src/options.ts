import type { Dispositions } from "./dto/dispositions.js";
import type { AstrocyteContext } from "./dto/identity.js";
import type { Metadata } from "./dto/metadata.js";
import type { MemoryHit } from "./dto/recall.js";
import type { RetainResult } from "./dto/retain.js";
import type { MultiBankStrategyInput } from "./pipeline/recall/banks/multi-bank-strategy.js";
import type { ConflictRule } from "./portability/import-result.js";
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
   * The name of one of the configured `extraction_profiles`, or `builtin_text` or `builtin_conversation`: how the content is
   * prepared. An unknown name is reported, and changes nothing.
   */
  readonly extractionProfile?: string | undefined;
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

/** How far a {@link Astrocyte.retainMany} has come. */
export interface RetainProgress {
  /** Contents that are answered, from the beginning of the list. */
  readonly done: number;
  readonly total: number;
  /** What became of the contents of the last batch. */
  readonly results: readonly RetainResult[];
}

export interface RetainManyOptions extends OperationOptions {
  /** Contents that are checked, embedded and stored together. @defaultValue the whole list */
  readonly batchSize?: number | undefined;
  /** Told after each batch. */
  readonly onProgress?: ((progress: RetainProgress) => void) | undefined;
}

export interface RetainLaterOptions extends RetainManyOptions {
  /** Told what became of each content. */
  readonly onRetained?: ((results: readonly RetainResult[]) => void) | undefined;
  /** Told why nothing was retained; the error of `onRetained` too. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface RecallOptions extends Omit<OperationOptions, "bankId"> {
  /** Absent with `banks`, and where the configuration finds the caller's banks (`identity.auto_resolve_banks`). */
  readonly bankId?: string | undefined;
  /** Several banks at once; goes before `bankId`. The caller needs the permission to read all of them. */
  readonly banks?: readonly string[] | undefined;
  /** How several banks are asked. @defaultValue "parallel" */
  readonly strategy?: MultiBankStrategyInput | undefined;
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
  /** What "yesterday" in the query is relative to, where queries are read for dates. @defaultValue `asOf`, else now */
  readonly queryReferenceDate?: Instant | undefined;
  /** What a score is multiplied with, by the memory's layer; the empty name stands for none. @defaultValue 1 */
  readonly layerWeights?: Readonly<Record<string, number>> | undefined;
  /** Hits from elsewhere, best first, that are fused with ours by their places. */
  readonly externalContext?: readonly MemoryHit[] | undefined;
  /** Also memories that read like instructions, where the configuration quarantines them. @defaultValue false */
  readonly includeQuarantined?: boolean | undefined;
  /** Whether each hit says why it stands where it stands, and the trace how long each stage took. @defaultValue false */
  readonly explain?: boolean | undefined;
}

export interface ReflectOptions extends Omit<OperationOptions, "bankId"> {
  /** Absent with `banks`, and where the configuration finds the caller's banks (`identity.auto_resolve_banks`). */
  readonly bankId?: string | undefined;
  /** Several banks at once, of which one call answers without plan, checks and tools; goes before `bankId`. */
  readonly banks?: readonly string[] | undefined;
  /** How several banks are asked. @defaultValue "parallel" */
  readonly strategy?: MultiBankStrategyInput | undefined;
  /** Token budget of the evidence, and most tokens of the answer. */
  readonly maxTokens?: number | undefined;
  /** Whether `sources` come with the answer. @defaultValue true */
  readonly includeSources?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly asOf?: Instant | undefined;
  /** What "yesterday" in the question counts from. @defaultValue `asOf`, else now */
  readonly queryReferenceDate?: Instant | undefined;
  /**
   * How the memories are read: `skepticism`, `literalism` and `empathy` from 1 to 5, where 3 is neutral and the default of
   * each. Giving any makes reflect abstain when the evidence is weak, unless `skepticism` is 1.
   * @defaultValue the configured ones, which only show in the prompt
   */
  readonly dispositions?: Partial<Dispositions> | undefined;
}

/** As those of a recall, with the time to look back to. */
export interface HistoryOptions extends RecallOptions {
  /** Only what was retained by then. */
  readonly asOf: Instant;
}

/** Who empties a bank, and by which right. */
export type ClearBankOptions = Pick<ForgetOptions, "context" | "signal" | "compliance" | "reason">;

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

export interface ExportBankOptions extends OperationOptions {
  /** Whether each memory takes its vector along, for a brain with the same embeddings. @defaultValue false */
  readonly includeEmbeddings?: boolean | undefined;
  /** Called after each memory. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface ImportBankOptions extends OperationOptions {
  /** What to do with a memory whose id the bank has already. @defaultValue "skip" */
  readonly onConflict?: ConflictRule | undefined;
  /** Whether vectors of the file are taken as they are: only for a file from a brain with the same embeddings. @defaultValue false */
  readonly useEmbeddings?: boolean | undefined;
  /** Called after each batch, with what the header announces as the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
