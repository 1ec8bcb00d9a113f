import type { ReflectRequest, ReflectResult } from "../dto/reflect.js";
import { RateLimitedError } from "../errors.js";
import { codePointLength } from "../internal/code-points.js";
import { degradedReflect } from "../policy/degraded-mode.js";
import type { RecallCallOptions } from "../pipeline/recall/recall.js";
import {
  countCall,
  guardedOrDegraded,
  inSpan,
  refuseByLimit,
  takeToken,
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

/**
 * Reflects through access, rate limit, quota, circuit breaker and output scan.
 *
 * @throws AccessDeniedError, RateLimitedError; ProviderUnavailableError when degraded mode is `error`.
 */
export function governReflect(
  governance: Governance,
  { query }: ReflectRequest,
  call: GovernedCall,
  dispatch: DispatchReflect,
): Promise<ReflectResult> {
  const { bankId, context } = call;
  return inSpan(governance, "reflect", bankId, async (setAttributes) => {
    const startedAt = governance.clock.monotonic();
    const policy = governance.policyFor(bankId);
    governance.access.check(context, bankId, "read");
    await takeToken(governance, "reflect", call);
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
      (operation) => dispatch({ signal: call.signal, excludeSuspects }, operation),
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
    setAttributes({ "astrocyte.answer_length": answerLength });
    await governance.hooks.fire("on_reflect", bankId, {
      query_length: codePointLength(query),
      answer_length: answerLength,
      bank_count: 1,
    });
    const scanned = policy.outputScan.scanReflect(result);
    reportOutput(governance, "reflect", bankId, scanned.detectedTypes);
    return scanned.result;
  });
}
