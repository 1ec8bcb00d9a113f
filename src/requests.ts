import { assertBankId } from "./dto/bank-id.js";
import { forgetRequestSchema, type ForgetRequest } from "./dto/forget.js";
import { astrocyteContextSchema, type AstrocyteContext } from "./dto/identity.js";
import { isRecord } from "./dto/is-record.js";
import { parseShape } from "./dto/parse.js";
import { recallRequestSchema, type RecallRequest } from "./dto/recall.js";
import { reflectRequestSchema, type ReflectRequest } from "./dto/reflect.js";
import { retainRequestSchema, type RetainRequest } from "./dto/retain.js";
import { toTimestamp, type TimeRange, type Timestamp } from "./dto/timestamp.js";
import { InvalidArgumentError } from "./errors.js";
import type { LegalHoldOptions } from "./governance/legal-holds.js";
import type { KeyedRetainRequest } from "./pipeline/retain/prepare-content.js";
import type {
  ForgetOptions,
  Instant,
  RecallOptions,
  ReflectOptions,
  RetainItem,
} from "./options.js";

const itemOptions = [
  "tags",
  "metadata",
  "occurredAt",
  "source",
  "contentType",
  "extractionProfile",
  "idempotencyKey",
];

const modelOptions = ["bankId", "context", "signal"];

const knownOptions = {
  retain: ["bankId", "context", "signal", ...itemOptions],
  retainMany: ["bankId", "context", "signal", "batchSize", "onProgress"],
  "retainMany item": ["content", ...itemOptions],
  recall: [
    "bankId",
    "banks",
    "strategy",
    "context",
    "signal",
    "includeQuarantined",
    "maxResults",
    "maxTokens",
    "tags",
    "factTypes",
    "timeRange",
    "asOf",
    "sessionId",
    "queryReferenceDate",
    "layerWeights",
    "externalContext",
    "explain",
  ],
  reflect: [
    "bankId",
    "banks",
    "strategy",
    "context",
    "signal",
    "maxTokens",
    "includeSources",
    "tags",
    "asOf",
    "queryReferenceDate",
    "dispositions",
  ],
  exportBank: ["bankId", "context", "signal", "includeEmbeddings", "onProgress"],
  importBank: ["bankId", "context", "signal", "onConflict", "useEmbeddings", "onProgress"],
  clearBank: ["context", "signal", "compliance", "reason"],
  forget: [
    "bankId",
    "context",
    "signal",
    "memoryIds",
    "tags",
    "beforeDate",
    "scope",
    "compliance",
    "reason",
  ],
  setLegalHold: ["context", "reason", "signal"],
  releaseLegalHold: ["context", "reason", "signal"],
  legalHolds: ["context", "signal"],
  health: ["signal"],
  retainLater: ["bankId", "context", "signal", "batchSize", "onProgress", "onRetained", "onError"],
  "records.write": ["signal"],
  "records.write changes": ["puts", "deletes"],
  "records.get": modelOptions,
  "records.list": modelOptions,
  "mentalModels.upsert": [
    ...modelOptions,
    "title",
    "content",
    "sections",
    "scope",
    "kind",
    "sourceIds",
    "sourceTimestamps",
  ],
  "mentalModels.get": modelOptions,
  "mentalModels.list": [...modelOptions, "scope", "kind"],
  "mentalModels.revisions": modelOptions,
  "mentalModels.updateViaOps": modelOptions,
  "mentalModels.refresh": modelOptions,
  "mentalModels.delete": modelOptions,
  "directives.create": [...modelOptions, "directiveId", "scope"],
  "directives.list": [...modelOptions, "scope"],
  "directives.delete": modelOptions,
} as const;

function assertSignal(operation: string, signal: unknown): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new InvalidArgumentError(`${operation}: signal: expected an AbortSignal`);
}

/**
 * The options of a call, at the edge where nothing is known of them. A misspelt one would be a filter that does not filter, or
 * an erasure that erases nothing.
 *
 * @throws InvalidArgumentError when they are no object, or hold an unknown name.
 */
export function assertOptions<Options extends object>(
  operation: keyof typeof knownOptions,
  options: Options,
): Options {
  if (!isRecord(options)) {
    throw new InvalidArgumentError(`${operation}: expected options such as { bankId: "user-1" }`);
  }
  const known: readonly string[] = knownOptions[operation];
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length === 0) {
    assertSignal(operation, options["signal"]);
    return options;
  }
  throw new InvalidArgumentError(
    `${operation}: unknown option ${unknown.join(", ")}; known: ${known.join(", ")}`,
  );
}

/** @throws InvalidArgumentError when the caller is described in another form. */
export function callContext(operation: string, context: unknown): AstrocyteContext | undefined {
  return context === undefined || context === null
    ? undefined
    : parseShape(astrocyteContextSchema, context, `${operation}: context`);
}

/** @throws InvalidArgumentError for unknown options and for values of another kind. */
export function legalHoldOptions(
  operation: "setLegalHold" | "releaseLegalHold" | "legalHolds",
  options: LegalHoldOptions,
): LegalHoldOptions {
  const { context, reason, signal } = assertOptions(operation, options);
  if (reason !== undefined && typeof reason !== "string") {
    throw new InvalidArgumentError(`${operation}: reason: expected a text`);
  }
  return { context: callContext(operation, context), reason, signal };
}

function instant(value: Instant | undefined, name: string): Timestamp | undefined {
  return value === undefined ? undefined : toTimestamp(value, name);
}

function timeRange(value: unknown): TimeRange | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length !== 2) {
    throw new InvalidArgumentError("recall: timeRange: expected [first, last]");
  }
  const [first, last] = value.map((end: Instant) => toTimestamp(end, "recall: timeRange"));
  return first === undefined || last === undefined ? undefined : [first, last];
}

/** A token budget: zero means "not said", here and in the configuration, as in the reference. */
function budget(
  maxTokens: number | undefined,
  configured: number | undefined,
  operation: string,
): number | undefined {
  if (maxTokens !== undefined && typeof maxTokens !== "number") {
    throw new InvalidArgumentError(`${operation}: maxTokens: expected a number`);
  }
  const chosen = maxTokens || configured || undefined;
  if (chosen === undefined || chosen > 0) return chosen;
  throw new InvalidArgumentError(`${operation}: maxTokens: expected 0 or more, got ${chosen}`);
}

function retainRequest(item: RetainItem, bankId: string): RetainRequest {
  const { content, tags, metadata, occurredAt, source, idempotencyKey, ...preparation } =
    assertOptions("retainMany item", item);
  const { contentType, extractionProfile } = preparation;
  if (
    idempotencyKey !== undefined &&
    (typeof idempotencyKey !== "string" || idempotencyKey === "")
  ) {
    throw new InvalidArgumentError("retain: idempotencyKey: expected a text that is not empty");
  }
  const fields = { content, bankId, tags, metadata, source, contentType, extractionProfile };
  return parseShape(
    retainRequestSchema,
    { ...fields, occurredAt: instant(occurredAt, "retain: occurredAt") },
    "retain",
  );
}

/** The requests of a retain call; throws ConfigError for the bank id, InvalidArgumentError for the rest. */
export function retainRequests(items: readonly RetainItem[], bankId: string): KeyedRetainRequest[] {
  assertBankId(bankId);
  if (!Array.isArray(items) || items.some((item) => !isRecord(item))) {
    throw new InvalidArgumentError('retainMany: expected a list of items such as { content: "…" }');
  }
  return items.map((item) => ({
    request: retainRequest(item, bankId),
    idempotencyKey: item.idempotencyKey,
  }));
}

/** The requests of a list, batch by batch; one batch, also of an empty list, when no size is given. */
export function retainBatches<Request>(
  requests: readonly Request[],
  batchSize: number = Math.max(1, requests.length),
): (readonly Request[])[] {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new InvalidArgumentError("retainMany: batchSize: expected a whole number of at least 1");
  }
  const count = Math.max(1, Math.ceil(requests.length / batchSize));
  return Array.from({ length: count }, (_, at) =>
    requests.slice(at * batchSize, (at + 1) * batchSize),
  );
}

/** Several banks as a caller names them; whether each is a bank id is checked with the others. */
export function bankList(banks: unknown): readonly string[] | undefined {
  if (banks === undefined) return undefined;
  if (Array.isArray(banks) && banks.every((bankId) => typeof bankId === "string")) return banks;
  throw new InvalidArgumentError("recall: banks: expected a list of bank ids");
}

/** The request of a recall call; `defaultMaxTokens` is the configured budget. */
export function recallRequest(
  query: string,
  options: RecallOptions,
  defaultMaxTokens: number | undefined,
): RecallRequest {
  const { bankId, maxResults, maxTokens, tags, factTypes, asOf, sessionId } = options;
  const { queryReferenceDate, layerWeights, externalContext } = options;
  assertBankId(bankId);
  return parseShape(
    recallRequestSchema,
    {
      query,
      bankId,
      maxResults,
      maxTokens: budget(maxTokens, defaultMaxTokens, "recall"),
      tags,
      factTypes,
      timeRange: timeRange(options.timeRange),
      asOf: instant(asOf, "recall: asOf"),
      sessionId,
      queryReferenceDate: instant(queryReferenceDate, "recall: queryReferenceDate"),
      layerWeights,
      externalContext,
    },
    "recall",
  );
}

/** The request of a reflect call; `defaultMaxTokens` is the configured budget. */
export function reflectRequest(
  query: string,
  options: ReflectOptions,
  defaultMaxTokens: number | undefined,
): ReflectRequest {
  const { bankId = "", maxTokens, includeSources, tags, asOf, queryReferenceDate } = options;
  assertBankId(bankId);
  return parseShape(
    reflectRequestSchema,
    {
      query,
      bankId,
      maxTokens: budget(maxTokens, defaultMaxTokens, "reflect"),
      includeSources,
      tags,
      asOf: instant(asOf, "reflect: asOf"),
      queryReferenceDate: instant(queryReferenceDate, "reflect: queryReferenceDate"),
      dispositions: options.dispositions,
    },
    "reflect",
  );
}

/**
 * The request of a forget call.
 *
 * @throws InvalidArgumentError when `scope` stands beside another selector: one of them would be ignored.
 */
export function forgetRequest(options: ForgetOptions): ForgetRequest {
  const { bankId, memoryIds, tags, beforeDate, scope, compliance, reason } = options;
  assertBankId(bankId);
  if (compliance !== undefined && typeof compliance !== "boolean") {
    throw new InvalidArgumentError("forget: compliance: expected true or false");
  }
  if (reason !== undefined && typeof reason !== "string") {
    throw new InvalidArgumentError("forget: reason: expected a text");
  }
  const request = parseShape(
    forgetRequestSchema,
    { bankId, memoryIds, tags, beforeDate: instant(beforeDate, "forget: beforeDate"), scope },
    "forget",
  );
  if (request.scope !== undefined && request.scope !== "all") {
    throw new InvalidArgumentError('forget: scope: expected "all" or nothing');
  }
  if (request.scope === "all" && (memoryIds ?? tags ?? beforeDate) !== undefined) {
    throw new InvalidArgumentError(
      'forget: scope "all" empties the bank; leave out memoryIds, tags and beforeDate, or leave out scope',
    );
  }
  return request;
}
