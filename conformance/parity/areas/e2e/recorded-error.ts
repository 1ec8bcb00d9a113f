import { AstrocyteError, type AstrocyteErrorCode } from "astrocyte";
import type { RecordedError } from "./scenario.js";

/** The contract's errors, whose messages are part of it. */
const contractClasses: Partial<Record<AstrocyteErrorCode, string>> = {
  ASTROCYTE_ACCESS_DENIED: "AccessDenied",
  ASTROCYTE_AUTHORIZATION: "AuthorizationError",
  ASTROCYTE_CAPABILITY_NOT_SUPPORTED: "CapabilityNotSupported",
  ASTROCYTE_CONFIG: "ConfigError",
  ASTROCYTE_LEGAL_HOLD_ACTIVE: "LegalHoldActive",
  ASTROCYTE_MIP_ROUTING: "MipRoutingError",
  ASTROCYTE_PII_REJECTED: "PiiRejected",
  ASTROCYTE_PROVIDER_UNAVAILABLE: "ProviderUnavailable",
  ASTROCYTE_RATE_LIMITED: "RateLimited",
};

/** Any error about a value, of which only the gist is compared. */
const unusableValue: RecordedError = { class: "ValueError" };
const pythonValueErrors = ["AttributeError", "KeyError", "TypeError", "ValueError"];

/** An error of this library, or of a provider, in the form of the recording. */
export function toRecordedError(error: unknown): RecordedError {
  if (AstrocyteError.isInstance(error)) {
    const className = contractClasses[error.code];
    return className === undefined ? unusableValue : { class: className, message: error.message };
  }
  return error instanceof Error
    ? { class: error.name, message: error.message }
    : { class: String(error) };
}

/** A recorded error without what is not part of the contract. */
export function comparableError(error: RecordedError): RecordedError {
  return pythonValueErrors.includes(error.class) ? unusableValue : error;
}
