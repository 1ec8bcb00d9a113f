import type { Clock } from "../clock.js";
import type { AstrocyteConfig } from "../config/schema.js";
import type { Logger } from "../logger.js";
import type { DedupRule } from "../pipeline/retain/drop-duplicates.js";
import type { ContentValidationOptions } from "../policy/content-validator.js";
import { InjectionGuard } from "../policy/injection-guard.js";
import type { MetadataSanitizerOptions } from "../policy/metadata-sanitizer.js";
import { NoisyBankDetector } from "../policy/noisy-bank-detector.js";
import { OutputScan } from "../policy/output-scan.js";
import { PiiBarrier, type EntityRecognizer } from "../policy/pii/pii-barrier.js";
import type { PiiModel } from "../policy/pii/llm-scan.js";
import { PiiDetector } from "../policy/pii/pii-detector.js";
import { RateLimits } from "../policy/rate-limits.js";
import type { LLMProvider } from "../spi/llm-provider.js";
import type { PolicyPeers } from "./policy-peers.js";
import type { ProviderGuard } from "./provider-guard.js";

/** What stands in front of one bank, or of all banks that have no settings of their own. */
export interface BankPolicy {
  readonly config: AstrocyteConfig;
  readonly rateLimits: RateLimits;
  readonly pii: PiiBarrier;
  readonly validation: ContentValidationOptions;
  readonly metadata: MetadataSanitizerOptions;
  readonly injectionGuard: InjectionGuard;
  readonly dedup: DedupRule | undefined;
  readonly noisyBank: NoisyBankDetector | undefined;
  readonly outputScan: OutputScan;
}

export interface BankPolicyParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly llm: LLMProvider | undefined;
  readonly entityRecognizer: EntityRecognizer | undefined;
  readonly peers: PolicyPeers;
  /** The circuits of the providers, which a scan by the model shares with all other calls to it. */
  readonly guard?: ProviderGuard | undefined;
  /** The policy of all other banks, with which the global rate is shared. */
  readonly shared?: BankPolicy | undefined;
}

const dedupActions = { skip: "skip_chunk", warn: "warn", update: "update" } as const;

/** The chat model of PII scans behind its circuit breaker; each call is an operation of its own. */
function guardedModel({ llm, guard }: BankPolicyParts): PiiModel | undefined {
  if (llm === undefined || guard === undefined) return llm;
  return {
    name: llm.name,
    complete: (messages, options) =>
      guard.call(llm, llm.name, options?.signal, (guarded) => guarded.complete(messages, options)),
  };
}

function piiBarrierOf({ barriers }: AstrocyteConfig, parts: BankPolicyParts): PiiBarrier {
  const { pii } = barriers;
  return new PiiBarrier({
    mode: pii.mode,
    action: pii.action,
    typeOverrides: pii.type_overrides,
    detector: new PiiDetector({
      countries: pii.countries,
      phoneRegions: pii.phone_regions,
      phoneLibrary: parts.peers.phoneLibrary,
      customPatterns: parts.peers.compilePatterns(pii.patterns),
    }),
    llm: guardedModel(parts),
    recognizer: parts.entityRecognizer,
    llmFailure: pii.pii_llm_failure,
    scanMetadata: pii.scan_metadata,
    scanTags: pii.scan_tags,
    logger: parts.logger,
  });
}

/**
 * Makes the policies that a configuration describes.
 *
 * @throws ConfigError for what the schema cannot see: an unknown country, a pattern that does not compile, a model that is
 *   not there.
 */
export function createBankPolicy(config: AstrocyteConfig, parts: BankPolicyParts): BankPolicy {
  const { homeostasis, barriers, signal_quality: quality, dlp } = config;
  const { dedup, noisy_bank: noisy } = quality;
  const { clock } = parts;
  return {
    config,
    rateLimits: new RateLimits({
      retainPerMinute: homeostasis.rate_limits.retain_per_minute,
      recallPerMinute: homeostasis.rate_limits.recall_per_minute,
      reflectPerMinute: homeostasis.rate_limits.reflect_per_minute,
      globalPerMinute: homeostasis.rate_limits.global_per_minute,
      clock,
      shared: parts.shared?.rateLimits,
    }),
    pii: piiBarrierOf(config, parts),
    validation: {
      maxContentLength: barriers.validation.max_content_length,
      rejectEmptyContent: barriers.validation.reject_empty_content,
      rejectBinaryContent: barriers.validation.reject_binary_content,
      allowedContentTypes: barriers.validation.allowed_content_types,
    },
    metadata: {
      blockedKeys: barriers.metadata.blocked_keys,
      maxSizeBytes: barriers.metadata.max_metadata_size_bytes,
      strict: true,
      // A key can be personal data itself, and warnings go to the log.
      quoteKeys: false,
    },
    injectionGuard: new InjectionGuard({ mode: barriers.prompt_injection.mode }),
    dedup: dedup.enabled
      ? {
          similarityThreshold: dedup.similarity_threshold,
          action: dedupActions[dedup.action],
          checkStore: dedup.check_store,
        }
      : undefined,
    noisyBank: noisy.enabled
      ? new NoisyBankDetector({
          retainSpikeMultiplier: noisy.retain_spike_multiplier,
          minAvgContentLength: noisy.min_avg_content_length,
          maxDedupRate: noisy.max_dedup_rate,
          clock,
        })
      : undefined,
    outputScan: new OutputScan({
      scanRecall: dlp.scan_recall_output,
      scanReflect: dlp.scan_reflect_output,
      action: dlp.output_pii_action,
    }),
  };
}
