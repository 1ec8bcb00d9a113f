import { AstrocyteError, type AstrocyteErrorCode } from "astrocyte";

const codes: Readonly<Record<string, readonly AstrocyteErrorCode[]>> = {
  AccessDenied: ["ASTROCYTE_ACCESS_DENIED"],
  AuthorizationError: ["ASTROCYTE_AUTHORIZATION"],
  CapabilityNotSupported: ["ASTROCYTE_CAPABILITY_NOT_SUPPORTED"],
  ConfigError: ["ASTROCYTE_CONFIG"],
  CrossBorderViolation: ["ASTROCYTE_CROSS_BORDER_VIOLATION"],
  IngestError: ["ASTROCYTE_INGEST"],
  LegalHoldActive: ["ASTROCYTE_LEGAL_HOLD_ACTIVE"],
  MipRoutingError: ["ASTROCYTE_MIP_ROUTING"],
  NotImplementedError: ["ASTROCYTE_CAPABILITY_NOT_SUPPORTED", "ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED"],
  PiiRejected: ["ASTROCYTE_PII_REJECTED"],
  ProviderUnavailable: ["ASTROCYTE_PROVIDER_UNAVAILABLE"],
  RateLimited: ["ASTROCYTE_RATE_LIMITED"],
};

const unusableValue: readonly AstrocyteErrorCode[] = [
  "ASTROCYTE_CONFIG",
  "ASTROCYTE_DIMENSION_MISMATCH",
  "ASTROCYTE_INVALID_ARGUMENT",
];

/**
 * Whether an error stands for a class of the reference. Python's own errors about values stand for a refused value; messages
 * are not compared.
 */
export function isSameError(error: unknown, className: string): boolean {
  if (!AstrocyteError.isInstance(error)) return false;
  return (codes[className] ?? unusableValue).includes(error.code);
}
