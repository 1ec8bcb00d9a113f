import { setTimeout as sleep } from "node:timers/promises";
import type { RecallResult } from "../../../dto/recall.js";
import { AstrocyteError, ProviderUnavailableError } from "../../../errors.js";
import type { CallOptions } from "../../../spi/call-options.js";

/** The whole recall of one bank. */
export type RecallBank = (bankId: string, options: CallOptions) => Promise<RecallResult>;

export interface AskBanksOptions extends CallOptions {
  /** For all banks together. */
  readonly timeoutMs: number;
  /** Told of each bank that failed or did not answer in time. */
  readonly onBankFailure?: ((bankId: string, error: unknown) => void) | undefined;
}

export interface BankAnswer {
  readonly bankId: string;
  readonly result: RecallResult;
}

export interface BankAnswers {
  /** In the order of the banks. */
  readonly answers: readonly BankAnswer[];
  readonly isTimedOut: boolean;
}

/** Errors that concern the call and not a bank's health: leaving the bank out would hide them. */
const callErrors: ReadonlySet<string> = new Set([
  "ASTROCYTE_ACCESS_DENIED",
  "ASTROCYTE_AUTHORIZATION",
  "ASTROCYTE_CLOSED",
  "ASTROCYTE_CONFIG",
  "ASTROCYTE_INVALID_ARGUMENT",
]);

function concernsCall(error: unknown): boolean {
  return AstrocyteError.isInstance(error) && callErrors.has(error.code);
}

/**
 * Asks all banks at the same time and returns the answers that came in time. Banks that are late are aborted.
 *
 * @throws The first bank's error when none answered, since an outage must not look like empty memories; at once what concerns
 * the whole call, such as denied access.
 */
export async function askBanks(
  bankIds: readonly string[],
  recallBank: RecallBank,
  { timeoutMs, onBankFailure, signal }: AskBanksOptions,
): Promise<BankAnswers> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const bankSignal = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const answers = new Map<string, RecallResult>();
  const failures = new Map<string, unknown>();
  const asked = bankIds.map(async (bankId) => {
    try {
      answers.set(bankId, await recallBank(bankId, { signal: bankSignal }));
    } catch (error) {
      if (!stop.signal.aborted && concernsCall(error)) throw error;
      failures.set(bankId, error);
    }
  });
  const timeUp = sleep(timeoutMs, undefined, { signal: bankSignal }).catch(() => undefined);
  try {
    await Promise.race([Promise.all(asked), timeUp]);
  } finally {
    stop.abort();
  }
  signal?.throwIfAborted();
  // Copied at once: late banks may still write.
  const inTime = bankIds.flatMap((bankId) => {
    const result = answers.get(bankId);
    return result === undefined ? [] : [{ bankId, result }];
  });
  const late = bankIds.filter((bankId) => !answers.has(bankId) && !failures.has(bankId));
  for (const bankId of late) {
    failures.set(bankId, new ProviderUnavailableError(bankId, `no answer within ${timeoutMs} ms`));
  }
  const failed = bankIds.filter((bankId) => failures.has(bankId));
  for (const bankId of failed) onBankFailure?.(bankId, failures.get(bankId));
  const [first] = failed;
  if (first !== undefined && inTime.length === 0) throw failures.get(first);
  return { answers: inTime, isTimedOut: late.length > 0 };
}
