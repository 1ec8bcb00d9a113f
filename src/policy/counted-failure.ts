import { AstrocyteError, type AstrocyteErrorCode } from "../errors.js";

/** Whether an error of this library says that a provider is out of order, and not that the caller is at fault. */
const isOutage: Readonly<Record<AstrocyteErrorCode, boolean>> = {
  ASTROCYTE_ACCESS_DENIED: false,
  ASTROCYTE_AUTHORIZATION: false,
  ASTROCYTE_CAPABILITY_NOT_SUPPORTED: false,
  ASTROCYTE_CLOSED: false,
  ASTROCYTE_CONFIG: false,
  ASTROCYTE_CROSS_BORDER_VIOLATION: false,
  ASTROCYTE_DIMENSION_MISMATCH: false,
  ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED: false,
  ASTROCYTE_IDEMPOTENCY_CONFLICT: false,
  ASTROCYTE_INGEST: false,
  ASTROCYTE_INVALID_ARGUMENT: false,
  ASTROCYTE_LEGAL_HOLD_ACTIVE: false,
  ASTROCYTE_MIP_ROUTING: false,
  ASTROCYTE_MISSING_PEER: false,
  ASTROCYTE_PARTIAL_RETAIN: false,
  ASTROCYTE_PII_REJECTED: false,
  ASTROCYTE_PROVIDER_UNAVAILABLE: true,
  ASTROCYTE_RATE_LIMITED: false,
  ASTROCYTE_STORAGE: true,
};

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** An HTTP status that blames the request; 408 and 429 blame the moment. */
function isRefusedRequest(error: unknown): boolean {
  const status = [
    field(error, "status"),
    field(error, "statusCode"),
    field(field(error, "response"), "status"),
  ].find((value) => typeof value === "number");
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true || field(error, "name") === "AbortError";
}

function judge(error: unknown, signal: AbortSignal | undefined): boolean {
  if (isAbort(error, signal)) return false;
  if (AstrocyteError.isInstance(error))
    return !Object.hasOwn(isOutage, error.code) || isOutage[error.code];
  return !isRefusedRequest(error);
}

/**
 * Whether an error that a provider threw counts against it: outages, storage errors and whatever is unknown do; aborts,
 * errors of the caller or the configuration, and HTTP 4xx answers (`status`, `statusCode` or `response.status`) other than
 * 408 and 429 do not.
 *
 * @param signal - The caller's; once it is aborted, no error counts, whatever the provider made of the abort.
 */
export function isCountedFailure(error: unknown, signal?: AbortSignal): boolean {
  try {
    return judge(error, signal);
  } catch {
    // An error object whose properties throw.
    return true;
  }
}
