import type { Clock } from "../clock.js";
import { grantsOf } from "../config/grants-of.js";
import type { AstrocyteConfig } from "../config/schema.js";
import type { AccessGrant } from "../dto/identity.js";
import { Hooks } from "../hooks.js";
import { KeyedMutex } from "../internal/keyed-mutex.js";
import type { Logger } from "../logger.js";
import { AccessPolicy } from "../policy/access-policy.js";
import type { EntityRecognizer } from "../policy/pii/pii-barrier.js";
import { QuotaTracker } from "../policy/quota-tracker.js";
import type { BankOptions } from "../spi/call-options.js";
import type { LegalHoldStore } from "../spi/legal-hold-store.js";
import type { LLMProvider } from "../spi/llm-provider.js";
import type { VectorStore } from "../spi/vector-store.js";
import { safeTelemetry } from "../safe-telemetry.js";
import { noTelemetry, type Telemetry } from "../telemetry.js";
import { createBankPolicy, type BankPolicy } from "./bank-policy.js";
import type { PolicyPeers } from "./policy-peers.js";
import { ProviderGuard } from "./provider-guard.js";

/** Everything that stands in front of the stores of one brain, with its state. */
export interface Governance {
  readonly config: AstrocyteConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hooks: Hooks;
  readonly telemetry: Telemetry;
  readonly quotas: QuotaTracker;
  readonly guard: ProviderGuard;
  readonly holds: LegalHoldStore;
  /** Keeps deletions and legal holds of one bank apart. */
  readonly deletions: KeyedMutex;
  /** The name of the engine or the store, for metrics. */
  readonly provider: string;
  /** Replaced when the host sets other grants. */
  access: AccessPolicy;
  policyFor(bankId: string): BankPolicy;
  /** Whether the store holds nothing of a bank; false where that cannot be asked. */
  isBankEmpty(options: BankOptions): Promise<boolean>;
}

export interface GovernanceParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry | undefined;
  readonly holds: LegalHoldStore;
  readonly provider: string;
  readonly llm: LLMProvider | undefined;
  readonly entityRecognizer: EntityRecognizer | undefined;
  readonly peers: PolicyPeers;
  readonly vectorStore: VectorStore | undefined;
  /** The configurations of the banks that have settings of their own. */
  readonly bankConfigs: ReadonlyMap<string, AstrocyteConfig>;
}

/** @throws ConfigError for a bad grant. */
export function accessPolicyOf(
  { access_control: control }: AstrocyteConfig,
  grants: readonly AccessGrant[],
): AccessPolicy {
  return new AccessPolicy({
    enabled: control.enabled,
    defaultPolicy: control.default_policy,
    allowPrincipalPrefixes: control.allow_principal_prefixes,
    grants,
  });
}

const breakerStates = { closed: 0, open: 1, half_open: 2 } as const;

function createGuard(
  { escalation }: AstrocyteConfig,
  clock: Clock,
  hooks: Hooks,
  telemetry: Telemetry,
): ProviderGuard {
  const { circuit_breaker: breaker } = escalation;
  return new ProviderGuard({
    clock,
    failureThreshold: breaker.failure_threshold,
    recoveryTimeoutMs: breaker.recovery_timeout_seconds * 1000,
    halfOpenMaxCalls: breaker.half_open_max_calls,
    onStateChange: (provider, state) => {
      telemetry.gauge("astrocyte_circuit_breaker_state", breakerStates[state], { provider });
      // Not waited for: a state changes in the middle of an operation, which must not depend on a handler.
      if (state === "open") void hooks.fire("on_circuit_breaker_open", undefined, { provider });
      if (state === "closed") void hooks.fire("on_circuit_breaker_close", undefined, { provider });
    },
  });
}

/** @throws ConfigError for a policy that the configuration describes and that cannot be made. */
export function createGovernance(config: AstrocyteConfig, parts: GovernanceParts): Governance {
  const { clock, logger, holds, provider, peers, llm, entityRecognizer } = parts;
  const hooks = new Hooks(clock, logger);
  const telemetry = safeTelemetry(parts.telemetry ?? peers.telemetry ?? noTelemetry);
  const guard = createGuard(config, clock, hooks, telemetry);
  const bankParts = { clock, logger, llm, entityRecognizer, peers, guard };
  const shared = createBankPolicy(config, bankParts);
  const own = new Map(
    [...parts.bankConfigs].map(([bankId, bankConfig]) => [
      bankId,
      createBankPolicy(bankConfig, { ...bankParts, shared }),
    ]),
  );
  return {
    config,
    clock,
    logger,
    hooks,
    telemetry,
    holds,
    deletions: new KeyedMutex(),
    provider,
    quotas: new QuotaTracker({ clock }),
    guard,
    access: accessPolicyOf(config, grantsOf(config)),
    policyFor: (bankId) => own.get(bankId) ?? shared,
    isBankEmpty: async (options) => {
      try {
        const page = await parts.vectorStore?.listVectors({ ...options, offset: 0, limit: 1 });
        return page?.length === 0;
      } catch {
        options.signal?.throwIfAborted();
        // An outage is the operation's to report; only an event is lost.
        return false;
      }
    },
  };
}
