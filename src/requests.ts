import { assertBankId } from "./dto/bank-id.js";
import { forgetRequestSchema, type ForgetRequest } from "./dto/forget.js";
import { parseShape } from "./dto/parse.js";
import { recallRequestSchema, type RecallRequest } from "./dto/recall.js";
import { reflectRequestSchema, type ReflectRequest } from "./dto/reflect.js";
import { retainRequestSchema, type RetainRequest } from "./dto/retain.js";
import { toTimestamp, type Timestamp } from "./dto/timestamp.js";
import { InvalidArgumentError } from "./errors.js";
import type {
  ForgetOptions,
  Instant,
  RecallOptions,
  ReflectOptions,
  RetainItem,
} from "./options.js";

function instant(value: Instant | undefined, name: string): Timestamp | undefined {
  return value === undefined ? undefined : toTimestamp(value, name);
}

/** The request of a retain call; throws ConfigError for the bank id, InvalidArgumentError for the rest. */
export function retainRequest(item: RetainItem, bankId: string): RetainRequest {
  assertBankId(bankId);
  const { content, tags, metadata, occurredAt, source, contentType, idempotencyKey } = item;
  if (
    idempotencyKey !== undefined &&
    (typeof idempotencyKey !== "string" || idempotencyKey === "")
  ) {
    throw new InvalidArgumentError("retain: idempotencyKey: expected a text that is not empty");
  }
  return parseShape(
    retainRequestSchema,
    {
      content,
      bankId,
      tags,
      metadata,
      occurredAt: instant(occurredAt, "retain: occurredAt"),
      source,
      contentType,
    },
    "retain",
  );
}

/** The request of a recall call; `defaultMaxTokens` is the configured budget. */
export function recallRequest(
  query: string,
  options: RecallOptions,
  defaultMaxTokens: number | undefined,
): RecallRequest {
  const { bankId, maxResults, maxTokens, tags, factTypes, timeRange, asOf, sessionId } = options;
  assertBankId(bankId);
  return parseShape(
    recallRequestSchema,
    {
      query,
      bankId,
      maxResults,
      // Zero means "not said", here and in the configuration, as in the reference.
      maxTokens: maxTokens || defaultMaxTokens || undefined,
      tags,
      factTypes,
      timeRange: timeRange?.map((end) => toTimestamp(end, "recall: timeRange")),
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
      maxTokens: maxTokens || defaultMaxTokens || undefined,
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
