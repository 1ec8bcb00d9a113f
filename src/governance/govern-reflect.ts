import type { ReflectRequest, ReflectResult } from "../dto/reflect.js";
import { RateLimitedError } from "../errors.js";
import { codePointLength } from "../internal/code-points.js";
import { degradedReflect } from "../policy/degraded-mode.js";
import type { RecallCallOptions } from "../pipeline/recall/recall.js";
import { permissionOf } from "../policy/permissions.js";
import {
  countCall,
  guardedOrDegraded,
  inSpan,
  refuseByLimit,
  takeTokens,
  type GovernedCall,
} from "./call-scope.js";
import { excludesSuspects } from "./govern-recall.js";
import type { Governance } from "./governance.js";
import type { GuardedOperation } from "./provider-guard.js";
import { reportOutput } from "./report-output.js";

export type DispatchReflect = (
  options: RecallCallOptions,
  operation: GuardedOperation,
) => Promise<ReflectResult>;

export interface GovernedReflect extends GovernedCall {
  /** All banks that are read, `bankId` first. @defaultValue `bankId` alone */
  readonly banks?: readonly string[] | undefined;
}

/**
 * Reflects through access, rate limit, quota, circuit breaker and output scan. Of several banks the caller must be allowed to read
 * all, and each takes a token; the first one's quota counts.
 *
 * @throws AccessDeniedError, RateLimitedError; ProviderUnavailableError when degraded mode is `error`.
 */
export function governReflect(
  governance: Governance,
  { query }: ReflectRequest,
  call: GovernedReflect,
  dispatch: DispatchReflect,
): Promise<ReflectResult> {
  const { bankId, context, signal, banks = [bankId] } = call;
  const label = banks.length === 1 ? bankId : `${bankId}+${banks.length - 1}`;
  return inSpan(governance, "reflect", label, async (setAttributes) => {
    const startedAt = governance.clock.monotonic();
    const policy = governance.policyFor(bankId);
    for (const bank of banks) governance.access.check(context, bank, permissionOf("reflect"));
    for (const bank of banks) await takeTokens(governance, "reflect", { bankId: bank, signal });
    const limit = policy.config.homeostasis.quotas.reflect_per_day;
    const reservation = governance.quotas.tryReserve(bankId, "reflect", limit);
    if (reservation === undefined) {
      return refuseByLimit(governance, "reflect", new RateLimitedError(bankId, "reflect"));
    }
    const excludeSuspects = excludesSuspects(governance, call);
    const result = await guardedOrDegraded(
      governance,
      "reflect",
      call,
      (operation) => dispatch({ signal, excludeSuspects }, operation),
      (...outage) => {
        reservation.release();
        return degradedReflect(...outage);
      },
    ).catch((error: unknown) => {
      reservation.release();
      throw error;
    });
    countCall(governance, "reflect", bankId, startedAt);
    const answerLength = codePointLength(result.answer);
    setAttributes({
      "astrocyte.answer_length": answerLength,
      "astrocyte.bank_count": banks.length,
    });
    await governance.hooks.fire("on_reflect", bankId, {
      query_length: codePointLength(query),
      answer_length: answerLength,
      bank_count: banks.length,
    });
    let scanned = result;
    for (const bank of banks) {
      const { result: passed, detectedTypes } = governance
        .policyFor(bank)
        .outputScan.scanReflect(scanned);
      reportOutput(governance, "reflect", bank, detectedTypes);
      scanned = passed;
    }
    return scanned;
  });
}
