import { suspectKey } from "../dto/reserved.js";
import type { RetainResult } from "../dto/retain.js";
import { PiiRejectedError, RateLimitedError } from "../errors.js";
import type { KeyedRetainRequest } from "../pipeline/retain/prepare-content.js";
import type { RetainCallOptions } from "../pipeline/retain/retain.js";
import { validateContent } from "../policy/content-validator.js";
import { degradedRetain } from "../policy/degraded-mode.js";
import { sanitizeMetadata } from "../policy/metadata-sanitizer.js";
import type { QuotaReservation } from "../policy/quota-tracker.js";
import { retainInputError } from "../policy/retain-input.js";
import { codePointLength } from "../internal/code-points.js";
import type { SetAttributes } from "../telemetry.js";
import type { BankPolicy } from "./bank-policy.js";
import {
  countCall,
  guardedOrDegraded,
  inSpan,
  refuseByLimit,
  takeToken,
  type GovernedCall,
} from "./call-scope.js";
import type { Governance } from "./governance.js";
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

/** Finds personal data in a request and acts on it. */
async function passPii(
  governance: Governance,
  policy: BankPolicy,
  keyed: KeyedRetainRequest,
  { bankId, signal }: GovernedCall,
): Promise<KeyedRetainRequest> {
  const { hooks, telemetry, logger } = governance;
  const report = async (piiTypes: readonly string[], action: string): Promise<void> => {
    telemetry.count("astrocyte_pii_detected_total", { bank_id: bankId, action });
    logger.info?.("astrocyte.policy.pii_detected", {
      bank_id: bankId,
      pii_types: piiTypes.join(","),
      action,
    });
    await hooks.fire("on_pii_detected", bankId, { pii_types: piiTypes.join(","), action });
  };
  const { content, metadata, tags } = keyed.request;
  try {
    const fields = { content, metadata, tags };
    const inspected = policy.pii.isSynchronous
      ? policy.pii.inspectSync(fields)
      : await policy.pii.inspect(fields, { signal });
    if (inspected.piiTypes.length === 0) return keyed;
    await report(inspected.piiTypes, inspected.action);
    const { piiTypes: _types, action: _action, ...clean } = inspected;
    return { ...keyed, request: { ...keyed.request, ...clean } };
  } catch (error) {
    if (error instanceof PiiRejectedError) await report(error.piiTypes, "reject");
    throw error;
  }
}

function sanitised(
  { logger }: Governance,
  policy: BankPolicy,
  keyed: KeyedRetainRequest,
): KeyedRetainRequest {
  const { metadata: before, ...request } = keyed.request;
  if (before === undefined) return keyed;
  const { metadata, warnings } = sanitizeMetadata(before, policy.metadata);
  for (const warning of warnings) {
    logger.warn("astrocyte.policy.metadata", { bank_id: request.bankId, warning });
  }
  return { ...keyed, request: metadata === undefined ? request : { ...request, metadata } };
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
  await takeToken(governance, "retain", call);
  const limit = policy.config.homeostasis.quotas.retain_per_day;
  const reservation = governance.quotas.tryReserve(bankId, "retain", limit);
  if (reservation === undefined) {
    return refuseByLimit(governance, "retain", new RateLimitedError(bankId, "retain"));
  }
  try {
    const { content, contentType } = keyed.request;
    const problems = validateContent(content, contentType, policy.validation);
    if (problems.length > 0) {
      reservation.release();
      return refused(problems.join("; "));
    }
    const clean = sanitised(governance, policy, await passPii(governance, policy, keyed, call));
    const reasons = policy.injectionGuard.inspect(clean.request.content);
    const suspect = reasons.length > 0 ? reasons.join(",") : undefined;
    return { keyed: withDefaultTags(policy, { ...clean, suspect }), reservation };
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

/** Hands on what was admitted, and answers for a provider that is out. */
async function dispatchAdmitted(
  governance: Governance,
  policy: BankPolicy,
  admitted: readonly Admitted[],
  call: GovernedCall,
  dispatch: DispatchRetain,
): Promise<RetainResult[]> {
  const { bankId, signal } = call;
  const requests = admitted.map(({ keyed }) => keyed);
  let duplicates = 0;
  const dedup =
    policy.dedup === undefined
      ? undefined
      : { ...policy.dedup, onDuplicates: (count: number) => void (duplicates += count) };
  const release = (): void => {
    for (const { reservation } of admitted) reservation.release();
  };
  try {
    const { hooks, telemetry } = governance;
    // Asked only for a handler: it is one more read of the store.
    const isNew =
      hooks.has("on_bank_created") && (await governance.isBankEmpty({ bankId, signal }));
    const results = await guardedOrDegraded(
      governance,
      "retain",
      call,
      (operation) => dispatch(requests, { bankId, signal, dedup }, operation),
      (...outage) => {
        release();
        const answer = degradedRetain(...outage);
        return requests.map(() => answer);
      },
    );
    if (duplicates > 0) {
      telemetry.count("astrocyte_dedup_total", { bank_id: bankId });
      await hooks.fire("on_dedup_detected", bankId, { duplicate_count: duplicates });
    }
    if (isNew && results.some(({ stored }) => stored)) {
      await hooks.fire("on_bank_created", bankId, {});
    }
    return results;
  } catch (error) {
    release();
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

async function retainInSpan(
  governance: Governance,
  requests: readonly KeyedRetainRequest[],
  call: GovernedCall,
  dispatch: DispatchRetain,
  setAttributes: SetAttributes,
): Promise<RetainResult[]> {
  const startedAt = governance.clock.monotonic();
  const { bankId, context } = call;
  const policy = governance.policyFor(bankId);
  const maxContentBytes = policy.config.homeostasis.retain_max_content_bytes;
  const results: (RetainResult | undefined)[] = requests.map(({ request }) => {
    const error = retainInputError(request, { maxContentBytes });
    return error === undefined ? undefined : refused(error);
  });
  const admitted = new Map<number, Admitted>();
  try {
    if (results.includes(undefined)) governance.access.check(context, bankId, "write");
    const noise = await checkNoise(governance, policy, call);
    for (const [index, keyed] of requests.entries()) {
      if (results[index] !== undefined) continue;
      const outcome = noise ?? (await admit(governance, policy, keyed, call));
      if ("reservation" in outcome) admitted.set(index, outcome);
      else results[index] = outcome;
    }
  } catch (error) {
    for (const { reservation } of admitted.values()) reservation.release();
    countCall(governance, "retain", bankId, startedAt, "error");
    throw error;
  }
  const waiting = [...admitted.values()];
  if (waiting.length > 0) {
    const answers = await dispatchAdmitted(governance, policy, waiting, call, dispatch).catch(
      (error: unknown) => {
        countCall(governance, "retain", bankId, startedAt, "error");
        throw error;
      },
    );
    for (const [position, index] of [...admitted.keys()].entries()) {
      const [one, answer] = [waiting[position], answers[position]];
      if (one === undefined || answer === undefined) continue;
      results[index] = answer;
      await reportRetained(governance, policy, one, answer);
    }
  }
  countCall(governance, "retain", bankId, startedAt);
  const stored = results.filter((result) => result?.stored === true).length;
  setAttributes({ "astrocyte.stored_count": stored });
  return results.map((result) => result ?? refused("The provider gave no result"));
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
  return inSpan(governance, "retain", call.bankId, (setAttributes) =>
    retainInSpan(governance, requests, call, dispatch, setAttributes),
  );
}

/** The request as an engine takes it: what the pipeline keeps beside it goes into its metadata. */
export function engineRequest({ request, suspect }: KeyedRetainRequest) {
  if (suspect === undefined) return request;
  return { ...request, metadata: { ...request.metadata, [suspectKey]: suspect } };
}
