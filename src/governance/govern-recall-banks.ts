import type { RecallResult } from "../dto/recall.js";
import type { AuthorityOptions } from "../pipeline/recall/authority/authority-options.js";
import { recallBanks, type RecallBanksOptions } from "../pipeline/recall/banks/recall-banks.js";
import { permissionOf } from "../policy/permissions.js";
import { takeTokens, countCall, inSpan } from "./call-scope.js";
import {
  excludesSuspects,
  withAuthority,
  type DispatchRecall,
  type GovernedRead,
} from "./govern-recall.js";
import type { Governance } from "./governance.js";
import { reportOutput } from "./report-output.js";

export interface GovernedBanks extends Omit<GovernedRead, "bankId"> {
  /** Each once. */
  readonly banks: readonly string[];
  readonly authority: AuthorityOptions | undefined;
}

/** Scans each hit by the rules of its own bank. */
function scanHits(
  governance: Governance,
  result: RecallResult,
  banks: readonly string[],
): RecallResult {
  const hits = result.hits.flatMap((hit) => {
    const bankId = hit.bankId ?? banks[0] ?? "";
    const { outputScan } = governance.policyFor(bankId);
    const scanned = outputScan.scanRecall({ ...result, hits: [hit] });
    reportOutput(governance, "recall", bankId, scanned.detectedTypes);
    return scanned.result.hits;
  });
  return { ...result, hits };
}

/**
 * Recalls from several banks. The caller must be allowed to read all of them, and each takes a token of its rate, before any is
 * read. What a bank keeps out stays out; the output scan sees the merged hits.
 *
 * @param dispatch - Recalls from one bank.
 * @throws AccessDeniedError, RateLimitedError; ConfigError for an unknown strategy; the error of a bank where the strategy asks
 *   them one by one, or when none answers. Degraded mode changes nothing here.
 */
export function governRecallBanks(
  governance: Governance,
  call: GovernedBanks,
  merge: Omit<RecallBanksOptions, "signal" | "onBankFailure">,
  dispatch: (bankId: string) => DispatchRecall,
): Promise<RecallResult> {
  const { banks, context, signal } = call;
  const label = `${banks[0] ?? ""}+${banks.length - 1}`;
  return inSpan(governance, "recall", label, async (setAttributes) => {
    const startedAt = governance.clock.monotonic();
    for (const bankId of banks) governance.access.check(context, bankId, permissionOf("recall"));
    for (const bankId of banks) await takeTokens(governance, "recall", { bankId, signal });
    const operation = governance.guard.begin(signal);
    const recallBank = (bankId: string, options: { signal?: AbortSignal | undefined }) => {
      const excludeSuspects = excludesSuspects(governance, { ...call, bankId });
      return dispatch(bankId)({ ...options, excludeSuspects }, operation);
    };
    const onBankFailure = (bankId: string, error: unknown): void => {
      countCall(governance, "recall", bankId, startedAt, "error");
      governance.logger.warn("astrocyte.recall.bank_failed", {
        bank_id: bankId,
        error: error instanceof Error ? error.name : typeof error,
      });
    };
    try {
      const merged = await recallBanks(banks, recallBank, { ...merge, signal, onBankFailure });
      for (const bankId of banks) countCall(governance, "recall", bankId, startedAt);
      setAttributes({
        "astrocyte.bank_count": banks.length,
        "astrocyte.result_count": merged.hits.length,
        "astrocyte.truncated": merged.truncated,
      });
      return withAuthority(scanHits(governance, merged, banks), call.authority);
    } finally {
      operation.settle();
    }
  });
}
