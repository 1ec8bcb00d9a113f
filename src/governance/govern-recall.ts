import type { RecallRequest, RecallResult } from "../dto/recall.js";
import { codePointLength } from "../internal/code-points.js";
import { authorityContext } from "../pipeline/recall/authority/authority-context.js";
import type { AuthorityOptions } from "../pipeline/recall/authority/authority-options.js";
import type { RecallCallOptions } from "../pipeline/recall/recall.js";
import { degradedRecall } from "../policy/degraded-mode.js";
import { permissionOf } from "../policy/permissions.js";
import {
  countCall,
  guardedOrDegraded,
  inSpan,
  takeTokens,
  type GovernedCall,
} from "./call-scope.js";
import type { Governance } from "./governance.js";
import type { GuardedOperation } from "./provider-guard.js";
import { reportOutput } from "./report-output.js";

export type DispatchRecall = (
  options: RecallCallOptions,
  operation: GuardedOperation,
) => Promise<RecallResult>;

export interface GovernedRead extends GovernedCall {
  /** Also memories that read like instructions, where these are kept out. */
  readonly includeQuarantined?: boolean | undefined;
  /** How hits are grouped for a model; absent: not at all. */
  readonly authority?: AuthorityOptions | undefined;
}

/** A result with the block that tells a model how much each hit counts; made of what may go out. */
export function withAuthority(
  result: RecallResult,
  authority: AuthorityOptions | undefined,
): RecallResult {
  const context = authority === undefined ? undefined : authorityContext(result.hits, authority);
  return context === undefined ? result : { ...result, authorityContext: context };
}

/** What a read leaves out by policy. */
export function excludesSuspects(governance: Governance, call: GovernedRead): boolean {
  const { mode } = governance.policyFor(call.bankId).config.barriers.prompt_injection;
  return mode === "quarantine" && call.includeQuarantined !== true;
}

/**
 * Recalls through access, rate limit, circuit breaker and output scan.
 *
 * @throws AccessDeniedError, RateLimitedError; ProviderUnavailableError when degraded mode is `error`.
 */
export function governRecall(
  governance: Governance,
  { query }: RecallRequest,
  call: GovernedRead,
  dispatch: DispatchRecall,
): Promise<RecallResult> {
  const { bankId, context } = call;
  return inSpan(governance, "recall", bankId, async (setAttributes) => {
    const startedAt = governance.clock.monotonic();
    governance.access.check(context, bankId, permissionOf("recall"));
    await takeTokens(governance, "recall", call);
    const excludeSuspects = excludesSuspects(governance, call);
    const result = await guardedOrDegraded(
      governance,
      "recall",
      call,
      (operation) => dispatch({ signal: call.signal, excludeSuspects }, operation),
      degradedRecall,
    );
    const { hits, truncated } = result;
    countCall(governance, "recall", bankId, startedAt);
    if (truncated) {
      const labels = { bank_id: bankId, operation: "recall" };
      governance.telemetry.count("astrocyte_token_budget_truncations_total", labels);
    }
    setAttributes({ "astrocyte.result_count": hits.length, "astrocyte.truncated": truncated });
    await governance.hooks.fire("on_recall", bankId, {
      query_length: codePointLength(query),
      result_count: hits.length,
    });
    const scanned = governance.policyFor(bankId).outputScan.scanRecall(result);
    reportOutput(governance, "recall", bankId, scanned.detectedTypes);
    return withAuthority(scanned.result, call.authority);
  });
}
