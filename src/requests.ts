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
import type { KeyedRetainRequest } from "./pipeline/retain/prepare-content.js";
import type {
  ForgetOptions,
  Instant,
  RecallOptions,
  ReflectOptions,
  RetainItem,
} from "./options.js";

const itemOptions = ["tags", "metadata", "occurredAt", "source", "contentType", "idempotencyKey"];

const knownOptions = {
  retain: ["bankId", "context", "signal", ...itemOptions],
  retainMany: ["bankId", "context", "signal"],
  "retainMany item": ["content", ...itemOptions],
  recall: [
    "bankId",
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
  ],
  reflect: ["bankId", "context", "signal", "maxTokens", "includeSources", "tags", "asOf"],
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
} as const;

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
  if (unknown.length === 0) return options;
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
  const chosen = maxTokens || configured || undefined;
  if (chosen === undefined || chosen > 0) return chosen;
  throw new InvalidArgumentError(`${operation}: maxTokens: expected 0 or more, got ${chosen}`);
}

function retainRequest(item: RetainItem, bankId: string): RetainRequest {
  const { content, tags, metadata, occurredAt, source, contentType, idempotencyKey } =
    assertOptions("retainMany item", item);
  if (
    idempotencyKey !== undefined &&
    (typeof idempotencyKey !== "string" || idempotencyKey === "")
  ) {
    throw new InvalidArgumentError("retain: idempotencyKey: expected a text that is not empty");
  }
  const fields = { content, bankId, tags, metadata, source, contentType };
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

/** The request of a recall call; `defaultMaxTokens` is the configured budget. */
export function recallRequest(
  query: string,
  options: RecallOptions,
  defaultMaxTokens: number | undefined,
): RecallRequest {
  const { bankId, maxResults, maxTokens, tags, factTypes, asOf, sessionId } = options;
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
  const { bankId, maxTokens, includeSources, tags, asOf } = options;
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
  const { bankId, memoryIds, tags, beforeDate, scope } = options;
  assertBankId(bankId);
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
