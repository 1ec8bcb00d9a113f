import type { RetainResult } from "../dto/retain.js";
import { RateLimitedError } from "../errors.js";
import type { KeyedRetainRequest } from "../pipeline/retain/prepare-content.js";
import type { DedupRule } from "../pipeline/retain/drop-duplicates.js";
import type { RetainCallOptions } from "../pipeline/retain/retain.js";
import { degradedRetain } from "../policy/degraded-mode.js";
import type { QuotaReservation } from "../policy/quota-tracker.js";
import { retainInputError } from "../policy/retain-input.js";
import { codePointLength } from "../internal/code-points.js";
import { permissionOf } from "../policy/permissions.js";
import type { BankPolicy } from "./bank-policy.js";
import {
  countCall,
  guardedOrDegraded,
  inSpan,
  refuseByLimit,
  takeTokens,
  type GovernedCall,
} from "./call-scope.js";
import type { Governance } from "./governance.js";
import { passBarriers } from "./pass-barriers.js";
import type { GuardedOperation } from "./provider-guard.js";

/** Hands requests that passed every check to the provider. */
export type DispatchRetain = (
  requests: readonly KeyedRetainRequest[],
  options: RetainCallOptions,
  operation: GuardedOperation,
) => Promise<RetainResult[]>;

function refused(error: string): RetainResult {
  return { stored: false, deduplicated: false, curated: false, error };
}

interface Admitted {
  readonly keyed: KeyedRetainRequest;
  readonly reservation: QuotaReservation;
}

/** The tags that the configuration gives every memory come after the content's own. */
function withDefaultTags(policy: BankPolicy, keyed: KeyedRetainRequest): KeyedRetainRequest {
  const { tags } = policy.config.defaults;
  if (tags.length === 0) return keyed;
  const all = [...new Set([...(keyed.request.tags ?? []), ...tags])];
  return { ...keyed, request: { ...keyed.request, tags: all } };
}

/** Takes one content through limits and barriers; an answer instead when it is refused without an error. */
async function admit(
  governance: Governance,
  policy: BankPolicy,
  keyed: KeyedRetainRequest,
  call: GovernedCall,
): Promise<Admitted | RetainResult> {
  const { bankId } = call;
  const limit = policy.config.homeostasis.quotas.retain_per_day;
  const reservation = governance.quotas.tryReserve(bankId, "retain", limit);
  if (reservation === undefined) {
    return refuseByLimit(governance, "retain", new RateLimitedError(bankId, "retain"));
  }
  try {
    const passed = await passBarriers(governance, policy, keyed, call);
    if (typeof passed === "string") {
      reservation.release();
      return refused(passed);
    }
    return { keyed: withDefaultTags(policy, passed), reservation };
  } catch (error) {
    reservation.release();
    throw error;
  }
}

/** Watches how a bank is used; a noisy one is reported when it becomes so, and slowed down or refused when configured. */
async function checkNoise(
  governance: Governance,
  policy: BankPolicy,
  { bankId }: GovernedCall,
): Promise<RetainResult | undefined> {
  const { noisyBank, config } = policy;
  if (noisyBank === undefined) return undefined;
  const { noisy, changed, reasons } = noisyBank.assess(bankId);
  const { action } = config.signal_quality.noisy_bank;
  if (noisy && changed) {
    const data = { reasons: reasons.join(","), action };
    governance.logger.warn("astrocyte.policy.noisy_bank", { bank_id: bankId, ...data });
    await governance.hooks.fire("on_noisy_bank", bankId, data);
  }
  if (!noisy || action === "warn") return undefined;
  if (action === "reject") return refused(`Bank is noisy: ${reasons.join(", ")}`);
  return refuseByLimit(governance, "retain", new RateLimitedError(bankId, "retain", 60_000));
}

/** Replacing a memory deletes one: not under a legal hold, and not for a caller who may not forget. Then both are kept. */
async function dedupRuleFor(
  { access, holds }: Governance,
  { dedup }: BankPolicy,
  { bankId, context, signal }: GovernedCall,
): Promise<DedupRule | undefined> {
  if (dedup?.action !== "update") return dedup;
  const isHeld = (await holds.listHolds(bankId, { signal })).length > 0;
  return isHeld || !access.allows(context, bankId, permissionOf("forget"))
    ? { ...dedup, action: "warn" }
    : dedup;
}

/** What became of one admitted content. */
interface Outcome {
  readonly result: RetainResult;
  /** Whether the provider was reached; otherwise nothing was retained, and nothing counts. */
  readonly reached: boolean;
}

/**
 * Hands on what was admitted, and answers for a provider that is out. An engine may have got through a part of it: then only the
 * rest is answered so.
 */
async function dispatchAdmitted(
  governance: Governance,
  policy: BankPolicy,
  admitted: readonly Admitted[],
  call: GovernedCall,
  dispatch: DispatchRetain,
): Promise<Outcome[]> {
  const { bankId, signal } = call;
  const { hooks, telemetry } = governance;
  let duplicates = 0;
  try {
    const rule = await dedupRuleFor(governance, policy, call);
    const dedup =
      rule === undefined
        ? undefined
        : { ...rule, onDuplicates: (count: number) => void (duplicates += count) };
    // Asked only for a handler: it is one more read of the store.
    const isNew =
      hooks.has("on_bank_created") && (await governance.isBankEmpty({ bankId, signal }));
    const requests = admitted.map(({ keyed }) => keyed);
    let outage: RetainResult | undefined;
    const results = await guardedOrDegraded(
      governance,
      "retain",
      call,
      (operation) => dispatch(requests, { bankId, signal, dedup }, operation),
      (...reason): RetainResult[] => {
        outage = degradedRetain(...reason);
        return [];
      },
    );
    if (duplicates > 0) {
      telemetry.count("astrocyte_dedup_total", { bank_id: bankId });
      await hooks.fire("on_dedup_detected", bankId, { duplicate_count: duplicates });
    }
    if (isNew && results.some(({ stored }) => stored)) {
      await hooks.fire("on_bank_created", bankId, {});
    }
    return admitted.map(({ reservation }, at): Outcome => {
      const result = results[at];
      if (result !== undefined) return { result, reached: true };
      reservation.release();
      const answer = outage ?? degradedRetain("empty_recall", governance.provider);
      return { result: answer, reached: false };
    });
  } catch (error) {
    for (const { reservation } of admitted) reservation.release();
    throw error;
  }
}

async function reportRetained(
  governance: Governance,
  policy: BankPolicy,
  { keyed }: Admitted,
  result: RetainResult,
): Promise<void> {
  const { bankId, content } = keyed.request;
  const contentLength = codePointLength(content);
  policy.noisyBank?.record(bankId, { contentLength, deduplicated: result.deduplicated });
  await governance.hooks.fire("on_retain", bankId, {
    memory_id: result.deduplicated ? "" : (result.memoryId ?? ""),
    content_length: contentLength,
  });
}

/** Takes every content through the checks; a caller who is refused gives back what the contents before had reserved. */
async function admitAll(
  governance: Governance,
  policy: BankPolicy,
  requests: readonly KeyedRetainRequest[],
  call: GovernedCall,
): Promise<(Admitted | RetainResult)[]> {
  const { bankId, context } = call;
  const maxContentBytes = policy.config.homeostasis.retain_max_content_bytes;
  const sized = requests.map((keyed) => {
    const error = retainInputError(keyed.request, { maxContentBytes });
    return error === undefined ? keyed : refused(error);
  });
  const openCount = sized.filter((one) => "request" in one).length;
  const isOpen = sized.length === 0 || openCount > 0;
  if (isOpen) governance.access.check(context, bankId, permissionOf("retain"));
  const noise = isOpen ? await checkNoise(governance, policy, call) : undefined;
  if (openCount > 0 && noise === undefined) {
    await takeTokens(governance, "retain", call, openCount);
  }
  const outcomes: (Admitted | RetainResult)[] = [];
  try {
    for (const one of sized) {
      outcomes.push(
        "request" in one ? (noise ?? (await admit(governance, policy, one, call))) : one,
      );
    }
    return outcomes;
  } catch (error) {
    for (const outcome of outcomes) if ("reservation" in outcome) outcome.reservation.release();
    throw error;
  }
}

async function retainInSpan(
  governance: Governance,
  requests: readonly KeyedRetainRequest[],
  call: GovernedCall,
  dispatch: DispatchRetain,
): Promise<RetainResult[]> {
  const policy = governance.policyFor(call.bankId);
  const outcomes = await admitAll(governance, policy, requests, call);
  const admitted = outcomes.filter((outcome) => "reservation" in outcome);
  const answers =
    admitted.length === 0
      ? []
      : await dispatchAdmitted(governance, policy, admitted, call, dispatch);
  const results: RetainResult[] = [];
  for (const outcome of outcomes) {
    if (!("reservation" in outcome)) {
      results.push(outcome);
      continue;
    }
    const answer = answers[admitted.indexOf(outcome)];
    if (answer === undefined) continue;
    if (answer.reached) await reportRetained(governance, policy, outcome, answer.result);
    results.push(answer.result);
  }
  return results;
}

/**
 * Takes contents of one bank through everything that stands in front of the store, in the contract's order: size, access, noise,
 * rate, quota, validation, personal data, metadata, instructions; then hands on what passed. A content that is refused is
 * answered; a caller that is refused gets an error, and then nothing of the call is stored.
 *
 * @throws AccessDeniedError, RateLimitedError, PiiRejectedError; ProviderUnavailableError when degraded mode is `error`.
 */
export function governRetain(
  governance: Governance,
  requests: readonly KeyedRetainRequest[],
  call: GovernedCall,
  dispatch: DispatchRetain,
): Promise<RetainResult[]> {
  return inSpan(governance, "retain", call.bankId, async (setAttributes) => {
    const startedAt = governance.clock.monotonic();
    const count = (status: "ok" | "error") =>
      countCall(governance, "retain", call.bankId, startedAt, status);
    try {
      const results = await retainInSpan(governance, requests, call, dispatch);
      count("ok");
      const stored = results.filter((result) => result.stored).length;
      setAttributes({ "astrocyte.stored_count": stored });
      return results;
    } catch (error) {
      count("error");
      throw error;
    }
  });
}
