import type { RetainResult } from "./dto/retain.js";

const brand: unique symbol = Symbol.for("astrocyte.error");

/** Every code an {@link AstrocyteError} can carry. Codes are API: `docs/errors.md` has a heading for each. */
export type AstrocyteErrorCode =
  | "ASTROCYTE_ACCESS_DENIED"
  | "ASTROCYTE_AUTHORIZATION"
  | "ASTROCYTE_CAPABILITY_NOT_SUPPORTED"
  | "ASTROCYTE_CLOSED"
  | "ASTROCYTE_CONFIG"
  | "ASTROCYTE_CROSS_BORDER_VIOLATION"
  | "ASTROCYTE_DIMENSION_MISMATCH"
  | "ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED"
  | "ASTROCYTE_IDEMPOTENCY_CONFLICT"
  | "ASTROCYTE_INGEST"
  | "ASTROCYTE_INVALID_ARGUMENT"
  | "ASTROCYTE_LEGAL_HOLD_ACTIVE"
  | "ASTROCYTE_MIP_ROUTING"
  | "ASTROCYTE_MISSING_PEER"
  | "ASTROCYTE_PARTIAL_RETAIN"
  | "ASTROCYTE_PII_REJECTED"
  | "ASTROCYTE_PROVIDER_UNAVAILABLE"
  | "ASTROCYTE_RATE_LIMITED"
  | "ASTROCYTE_STORAGE";

/**
 * Base of every error this library throws. Branch on `code`, never on the message; where the contract has the error, the
 * message is the reference's.
 *
 * Aborts are not wrapped: an aborted call rejects with the signal's own reason.
 */
export class AstrocyteError extends Error {
  readonly [brand] = true;
  readonly code: AstrocyteErrorCode;

  constructor(code: AstrocyteErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }

  /** True for errors of any copy of this library, also across bundles and versions. */
  static isInstance(value: unknown): value is AstrocyteError {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** A value that the caller passed is not usable; the message names its path and the reason. */
export class InvalidArgumentError extends AstrocyteError {
  constructor(message: string, options?: ErrorOptions) {
    super("ASTROCYTE_INVALID_ARGUMENT", message, options);
  }
}

/** The configuration, a bank id, or a provider that the configuration names is not usable. */
export class ConfigError extends AstrocyteError {
  constructor(message: string, options?: ErrorOptions) {
    super("ASTROCYTE_CONFIG", message, options);
  }
}

/** An optional peer package that an adapter needs is not installed. */
export class MissingPeerError extends AstrocyteError {
  readonly packageName: string;

  constructor(packageName: string, neededBy: string, options?: ErrorOptions) {
    super(
      "ASTROCYTE_MISSING_PEER",
      `${neededBy} needs the package "${packageName}", which is not installed. Run: npm install ${packageName}`,
      options,
    );
    this.packageName = packageName;
  }
}

/** A provider cannot do what was asked, and ignoring the request would lie about the outcome. */
export class CapabilityNotSupportedError extends AstrocyteError {
  readonly provider: string;
  readonly capability: string;

  constructor(provider: string, capability: string, hint?: string, options?: ErrorOptions) {
    super(
      "ASTROCYTE_CAPABILITY_NOT_SUPPORTED",
      `Provider '${provider}' does not support '${capability}'${hint === undefined ? "" : `: ${hint}`}`,
      options,
    );
    this.provider = provider;
    this.capability = capability;
  }
}

/** The marker an LLM provider throws from `embed` when it has no embedding model. */
export class EmbeddingsNotSupportedError extends AstrocyteError {
  readonly provider: string;

  constructor(provider: string, options?: ErrorOptions) {
    super(
      "ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED",
      `Provider "${provider}" has no embeddings; configure embedding_provider or pass providers.embeddings`,
      options,
    );
    this.provider = provider;
  }
}

/** A vector's length differs from the dimension the store was created with. */
export class DimensionMismatchError extends AstrocyteError {
  readonly expectedDimension: number;
  readonly actualDimension: number;

  constructor(store: string, expectedDimension: number, actualDimension: number) {
    super(
      "ASTROCYTE_DIMENSION_MISMATCH",
      `${store} holds ${expectedDimension}-dimensional vectors, got ${actualDimension}. ` +
        "Use the embedding model that filled it, or a new store for the new model.",
    );
    this.expectedDimension = expectedDimension;
    this.actualDimension = actualDimension;
  }
}

/** A store's file or server answered with an error that is not an outage. */
export class StorageError extends AstrocyteError {
  constructor(message: string, options?: ErrorOptions) {
    super("ASTROCYTE_STORAGE", message, options);
  }
}

/** The brain or the store was used after `close()`. */
export class ClosedError extends AstrocyteError {
  constructor(subject: string) {
    super("ASTROCYTE_CLOSED", `${subject} is closed; open a new one`);
  }
}

/** An idempotency key was used again with other content. */
export class IdempotencyConflictError extends AstrocyteError {
  readonly bankId: string;
  readonly memoryId: string;

  constructor(bankId: string, memoryId: string) {
    super(
      "ASTROCYTE_IDEMPOTENCY_CONFLICT",
      `The idempotency key of memory "${memoryId}" in bank "${bankId}" was used before with other content; ` +
        "forget that memory first, or use a new key",
    );
    this.bankId = bankId;
    this.memoryId = memoryId;
  }
}

/** A list was retained in batches, and one of them failed after others were stored; `cause` says why. */
export class PartialRetainError extends AstrocyteError {
  /** Of the contents at the beginning of the list whose batches went through, in order. */
  readonly results: readonly RetainResult[];
  readonly total: number;

  constructor(results: readonly RetainResult[], total: number, options?: ErrorOptions) {
    super(
      "ASTROCYTE_PARTIAL_RETAIN",
      `${results.length} of ${total} contents went through before a batch failed; mend its cause, and go on with the others`,
      options,
    );
    this.results = results;
    this.total = total;
  }
}

/** A principal lacks a permission on a bank. */
export class AccessDeniedError extends AstrocyteError {
  readonly principal: string;
  readonly bankId: string;
  readonly permission: string;

  constructor(principal: string, bankId: string, permission: string) {
    super(
      "ASTROCYTE_ACCESS_DENIED",
      `Principal '${principal}' denied '${permission}' on bank '${bankId}'`,
    );
    this.principal = principal;
    this.bankId = bankId;
    this.permission = permission;
  }
}

/** A token or other proof of identity was refused. */
export class AuthorizationError extends AstrocyteError {
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super("ASTROCYTE_AUTHORIZATION", reason, options);
    this.reason = reason;
  }
}

/** One decimal, a tie to the even digit, as the reference prints it; only a quarter is an exact tie that differs. */
function oneDecimal(value: number): string {
  return (value % 1 === 0.25 ? value - 0.05 : value).toFixed(1);
}

/** A rate limit or a daily quota is used up. `retryAfterMs` is absent for a quota. */
export class RateLimitedError extends AstrocyteError {
  readonly bankId: string;
  readonly operation: string;
  readonly retryAfterMs: number | undefined;

  constructor(bankId: string, operation: string, retryAfterMs?: number) {
    super(
      "ASTROCYTE_RATE_LIMITED",
      `Rate limited: ${operation} on bank '${bankId}'${
        retryAfterMs === undefined ? "" : ` (retry after ${oneDecimal(retryAfterMs / 1000)}s)`
      }`,
    );
    this.bankId = bankId;
    this.operation = operation;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A provider is out of order, or its circuit breaker is open. */
export class ProviderUnavailableError extends AstrocyteError {
  readonly provider: string;
  readonly reason: string | undefined;

  constructor(provider: string, reason?: string, options?: ErrorOptions) {
    super(
      "ASTROCYTE_PROVIDER_UNAVAILABLE",
      `Provider '${provider}' unavailable${reason === undefined ? "" : `: ${reason}`}`,
      options,
    );
    this.provider = provider;
    this.reason = reason;
  }
}

/** Content was refused because of personal data; `piiTypes` has one entry a match, never the text. */
export class PiiRejectedError extends AstrocyteError {
  readonly piiTypes: readonly string[];

  constructor(piiTypes: readonly string[]) {
    super("ASTROCYTE_PII_REJECTED", `Content rejected: PII detected (${piiTypes.join(", ")})`);
    this.piiTypes = piiTypes;
  }
}

/** Data would leave the zone it must stay in. */
export class CrossBorderViolationError extends AstrocyteError {
  readonly fromZone: string;
  readonly toZone: string;

  constructor(fromZone: string, toZone: string) {
    super("ASTROCYTE_CROSS_BORDER_VIOLATION", `Cross-border violation: ${fromZone} → ${toZone}`);
    this.fromZone = fromZone;
    this.toZone = toZone;
  }
}

/** Routing rules gave no usable answer. */
export class MipRoutingError extends AstrocyteError {
  constructor(message: string, options?: ErrorOptions) {
    super("ASTROCYTE_MIP_ROUTING", message, options);
  }
}

/** A document source could not be read or parsed. */
export class IngestError extends AstrocyteError {
  constructor(message: string, options?: ErrorOptions) {
    super("ASTROCYTE_INGEST", message, options);
  }
}

/** A legal hold forbids forgetting in this bank. */
export class LegalHoldActiveError extends AstrocyteError {
  readonly bankId: string;
  readonly holdId: string;

  constructor(bankId: string, holdId: string) {
    super("ASTROCYTE_LEGAL_HOLD_ACTIVE", `Bank '${bankId}' is under legal hold '${holdId}'`);
    this.bankId = bankId;
    this.holdId = holdId;
  }
}
