import { InvalidArgumentError } from "astrocyte";
import { isRecord } from "./is-record.js";
import { assertFilter } from "./store-filter.js";
import type { Namespace } from "./store-namespace.js";
import { assertIndex, type IndexFields } from "./store-text.js";
import { writeValue } from "./store-value.js";

export interface GetStep {
  readonly kind: "get";
  readonly namespace: Namespace;
  readonly key: string;
}

export interface SearchStep {
  readonly kind: "search";
  readonly prefix: Namespace;
  readonly filter: Record<string, unknown>;
  readonly limit: number;
  readonly offset: number;
  readonly query: string | undefined;
}

export interface PutStep {
  readonly kind: "put";
  readonly namespace: Namespace;
  readonly key: string;
  /** As JSON; absent to delete. */
  readonly json: string | undefined;
  readonly index: false | IndexFields | undefined;
}

interface Condition {
  readonly matchType: "prefix" | "suffix";
  readonly path: readonly string[];
}

export interface ListStep {
  readonly kind: "list";
  readonly conditions: readonly Condition[];
  readonly maxDepth: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

export type StoreStep = GetStep | SearchStep | PutStep | ListStep;

function refuse(reason: string): never {
  throw new InvalidArgumentError(`AstrocyteStore: ${reason}`);
}

function namespaceFrom(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) refuse(`${name}: expected a list of labels`);
  return value.map((label: unknown) => {
    if (typeof label !== "string" || label === "") {
      refuse(`${name}: each label must be a text that is not empty`);
    }
    if (/[.:\0]/.test(label)) {
      refuse(`${name}: the label "${label.slice(0, 80)}" must not hold a period, a colon or a NUL`);
    }
    return label;
  });
}

function fullNamespace(value: unknown): string[] {
  const namespace = namespaceFrom(value, "namespace");
  if (namespace.length === 0) refuse("namespace: must have a label");
  return namespace;
}

function keyFrom(value: unknown): string {
  return typeof value === "string" ? value : refuse("key: expected a text");
}

function count(value: unknown, name: string, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  return refuse(`${name}: expected a whole number that is not negative`);
}

function conditionFrom(value: unknown): Condition {
  if (!isRecord(value)) refuse("matchConditions: expected objects");
  const { matchType, path } = value;
  if (matchType !== "prefix" && matchType !== "suffix") {
    refuse("matchConditions: matchType: expected prefix or suffix");
  }
  return { matchType, path: namespaceFrom(path, "matchConditions: path") };
}

function searchFrom(operation: Record<string, unknown>): SearchStep {
  const { filter, query } = operation;
  const wanted = filter ?? {};
  assertFilter(wanted);
  if (query !== undefined && query !== null && typeof query !== "string") {
    refuse("query: expected a text");
  }
  return {
    kind: "search",
    prefix: namespaceFrom(operation["namespacePrefix"], "namespacePrefix"),
    filter: wanted,
    limit: count(operation["limit"], "limit", 10),
    offset: count(operation["offset"], "offset", 0),
    query: query ?? undefined,
  };
}

function putFrom(operation: Record<string, unknown>): PutStep {
  const { value, index } = operation;
  assertIndex(index);
  const namespace = fullNamespace(operation["namespace"]);
  if (namespace[0] === "langgraph" && value !== null) {
    refuse('namespace: the first label "langgraph" is LangGraph\'s own');
  }
  return {
    kind: "put",
    namespace,
    key: keyFrom(operation["key"]),
    json: value === null ? undefined : writeValue(value),
    index: index ?? undefined,
  };
}

function listFrom(operation: Record<string, unknown>): ListStep {
  const conditions = operation["matchConditions"] ?? [];
  if (!Array.isArray(conditions)) refuse("matchConditions: expected a list");
  const depth = operation["maxDepth"] ?? undefined;
  return {
    kind: "list",
    conditions: conditions.map(conditionFrom),
    maxDepth: depth === undefined ? undefined : count(depth, "maxDepth", 0),
    limit: count(operation["limit"], "limit", Number.MAX_SAFE_INTEGER),
    offset: count(operation["offset"], "offset", 0),
  };
}

/**
 * An operation as it may be carried out; nothing of it points to the caller's objects any more.
 *
 * @throws InvalidArgumentError that says what is wrong.
 */
export function readOperation(operation: unknown): StoreStep {
  if (!isRecord(operation)) refuse("batch: expected operations");
  if ("namespacePrefix" in operation) return searchFrom(operation);
  if ("value" in operation) return putFrom(operation);
  if ("key" in operation && "namespace" in operation) {
    const { namespace, key } = operation;
    return { kind: "get", namespace: fullNamespace(namespace), key: keyFrom(key) };
  }
  if ("matchConditions" in operation || "limit" in operation) return listFrom(operation);
  return refuse("batch: an operation that is no get, put, search or listNamespaces");
}

function meets(namespace: Namespace, { matchType, path }: Condition): boolean {
  if (path.length > namespace.length) return false;
  const start = matchType === "prefix" ? 0 : namespace.length - path.length;
  return path.every((label, at) => label === "*" || namespace[start + at] === label);
}

/** The namespaces that a listing wants, in the order of their labels. */
export function selectNamespaces(
  namespaces: readonly Namespace[],
  { conditions, maxDepth, limit, offset }: ListStep,
  compare: (a: Namespace, b: Namespace) => number,
): string[][] {
  const cut = new Map<string, string[]>();
  for (const namespace of namespaces) {
    if (!conditions.every((condition) => meets(namespace, condition))) continue;
    const labels = namespace.slice(0, maxDepth);
    if (labels.length > 0) cut.set(JSON.stringify(labels), labels);
  }
  return [...cut.values()].toSorted(compare).slice(offset, offset + limit);
}
