export { cosine, type Vector } from "../internal/vector-math.js";
export { validateContent, type ContentValidationOptions } from "./content-validator.js";
export { DedupDetector, type DedupDetectorOptions, type DedupFinding } from "./dedup-detector.js";
export {
  sanitizeMetadata,
  type MetadataSanitizerOptions,
  type SanitizedMetadata,
} from "./metadata-sanitizer.js";
export { QuotaTracker, type QuotaReservation, type QuotaTrackerOptions } from "./quota-tracker.js";
export { RateLimiter, type RateDecision, type RateLimiterOptions } from "./rate-limiter.js";
export { RateLimits, type LimitedOperation, type RateLimitsOptions } from "./rate-limits.js";
export { retainInputError, type RetainInput, type RetainInputLimits } from "./retain-input.js";
export { loadTiktokenCounter, type TiktokenEncoding } from "./tiktoken-counter.js";
export {
  enforceTokenBudget,
  heuristicTokenCount,
  packToBudget,
  upperBoundTokenCount,
  type BudgetedHits,
  type TokenCounter,
} from "./tokens.js";
export {
  AccessPolicy,
  type AccessPolicyOptions,
  type DefaultAccessPolicy,
} from "./access-policy.js";
export { defaultBankId, resolveReadBanks, type ReadBanks } from "./bank-resolver.js";
export {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitState,
  type Permit,
} from "./circuit-breaker.js";
export { isCountedFailure } from "./counted-failure.js";
export {
  degradedRecall,
  degradedReflect,
  degradedRetain,
  type DegradedMode,
} from "./degraded-mode.js";
export { bankIdOf, classifyClaims, type BankPrefixes } from "./jwt-claims.js";
export {
  bearerToken,
  resolveIdentity,
  type RequestHeaders,
  type ResolveIdentityOptions,
  type TokenDecoder,
} from "./jwt-identity.js";
export { assertDeletable } from "./legal-hold.js";
export { permissionOf, type GovernedOperation, type Permission } from "./permissions.js";
export { InjectionGuard, type InjectionMode, type SuspicionReason } from "./injection-guard.js";
export { type InjectionReason } from "./injection-rules.js";
export {
  NoisyBankDetector,
  type NoisyBankAssessment,
  type NoisyBankDetectorOptions,
  type NoisyBankReason,
  type RetainObservation,
} from "./noisy-bank-detector.js";
export { OutputScan, type OutputScanOptions, type ScannedOutput } from "./output-scan.js";
export {
  compileCustomPattern,
  loadPatternEngine,
  type CustomPattern,
  type CustomPatternOptions,
  type EnginePattern,
  type PatternEngine,
  type TextSpan,
} from "./pii/custom-pattern.js";
export { type EntityRecognizer, type RecognizedEntity } from "./pii/custom-recognizer.js";
export { joinPiiTypes } from "./pii/join-pii-types.js";
export { parseLlmMatches } from "./pii/llm-reply.js";
export { scanWithLlm, type LlmScanOptions, type PiiModel } from "./pii/llm-scan.js";
export {
  PiiBarrier,
  type PiiBarrierOptions,
  type PiiInspection,
  type PiiMode,
  type PiiSubject,
} from "./pii/pii-barrier.js";
export {
  applyMatches,
  effectiveAction,
  type PiiAction,
  type PiiRules,
} from "./pii/apply-matches.js";
export { loadPhoneLibrary } from "./pii/load-phone-library.js";
export { luhnCheck } from "./pii/luhn.js";
export { mergeMatches } from "./pii/merge-matches.js";
export { type PhoneLibrary } from "./pii/phone-library.js";
export { PiiDetector, type PiiDetectorOptions } from "./pii/pii-detector.js";
export { type PiiMatch } from "./pii/pii-match.js";
export { redactPii, type RedactedText } from "./pii/redact-pii.js";
export { decideLifecycle, type LifecycleDecision, type MemoryTtl } from "./memory-lifecycle.js";
