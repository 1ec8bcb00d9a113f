import type { AstrocyteContext } from "../dto/identity.js";
import { ProviderUnavailableError, RateLimitedError } from "../errors.js";
import { abortable } from "../internal/abortable.js";
import type { DegradedMode } from "../policy/degraded-mode.js";
import type { BankOptions } from "../spi/call-options.js";
import type { SetAttributes } from "../telemetry.js";
import type { Governance } from "./governance.js";
import type { GuardedOperation } from "./provider-guard.js";

/** Who does something in which bank. */
export interface GovernedCall extends BankOptions {
  readonly context?: AstrocyteContext | undefined;
}

type Operation = "retain" | "recall" | "reflect" | "forget";

/** Runs an operation inside its span. */
export function inSpan<Result>(
  { telemetry }: Governance,
  operation: Operation | "import",
  bankId: string,
  run: (setAttributes: SetAttributes) => Promise<Result>,
): Promise<Result> {
  const attributes = { "astrocyte.bank_id": bankId, "astrocyte.bank_count": 1 };
  return telemetry.span(`astrocyte.${operation}`, attributes, run);
}

type Degrade<Result> = (mode: DegradedMode, provider: string, options: ErrorOptions) => Result;

/**
 * Runs the part of an operation that calls providers, behind their circuit breakers. An outage is answered as degraded mode
 * says; the log tells which provider was out.
 */
export async function guardedOrDegraded<Result>(
  governance: Governance,
  operation: Operation,
  { bankId, signal }: GovernedCall,
  run: (guarded: GuardedOperation) => Promise<Result>,
  degrade: Degrade<Result>,
): Promise<Result> {
  const { logger } = governance;
  const guarded = governance.guard.begin(signal);
  try {
    return await abortable(signal, () => run(guarded));
  } catch (error) {
    if (!(error instanceof ProviderUnavailableError)) throw error;
    const { degraded_mode: mode } = governance.policyFor(bankId).config.escalation;
    logger.warn(`astrocyte.${operation}.degraded`, {
      bank_id: bankId,
      provider: error.provider,
      mode,
    });
    return degrade(mode, error.provider, { cause: error });
  } finally {
    guarded.settle();
  }
}

/** Counts an operation and its duration. */
export function countCall(
  { telemetry, provider, clock }: Governance,
  operation: Exclude<Operation, "forget">,
  bankId: string,
  startedAt: number,
  status: "ok" | "error" = "ok",
): void {
  const labels = { bank_id: bankId, provider };
  telemetry.count(`astrocyte_${operation}_total`, { ...labels, status });
  const seconds = (clock.monotonic() - startedAt) / 1000;
  telemetry.recordSeconds(`astrocyte_${operation}_duration_seconds`, seconds, labels);
}

/** Reports a refusal by a limit, and throws it. */
export async function refuseByLimit(
  { hooks, telemetry }: Governance,
  operation: Operation,
  error: RateLimitedError,
): Promise<never> {
  const { bankId, retryAfterMs } = error;
  telemetry.count("astrocyte_rate_limit_rejections_total", { bank_id: bankId, operation });
  await hooks.fire("on_rate_limited", bankId, {
    operation,
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: Math.ceil(retryAfterMs) }),
  });
  throw error;
}

/** Takes tokens of the bank's rate limit, all or none. */
export async function takeTokens(
  governance: Governance,
  operation: Exclude<Operation, "forget">,
  { bankId }: GovernedCall,
  count = 1,
): Promise<void> {
  try {
    governance.policyFor(bankId).rateLimits.take(bankId, operation, count);
  } catch (error) {
    if (error instanceof RateLimitedError) await refuseByLimit(governance, operation, error);
    throw error;
  }
}
