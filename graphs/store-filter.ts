import { InvalidArgumentError } from "astrocyte";
import { isDate, parseDate } from "./dates.js";
import type { StoreValue } from "./store-value.js";

const operators = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin"] as const;
type Operator = (typeof operators)[number];

const isoForm =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** ISO 8601 text and dates as milliseconds; without an offset it is UTC. */
function epochMs(value: unknown): number | undefined {
  if (isDate(value)) return value.getTime();
  if (typeof value !== "string" || !isoForm.test(value)) return undefined;
  const hasZone = value.length === 10 || /(?:Z|[+-]\d{2}:?\d{2})$/.test(value.slice(10));
  return parseDate(hasZone ? value : `${value}Z`);
}

/** Less than, equal or greater; undefined for what has no order. */
function compare(a: unknown, b: unknown): number | undefined {
  const [timeA, timeB] = [epochMs(a), epochMs(b)];
  // A date against a number is a date against milliseconds.
  if (timeA !== undefined && (timeB !== undefined || typeof b === "number")) {
    return timeA - (timeB ?? Number(b));
  }
  if (timeB !== undefined && typeof a === "number") return a - timeB;
  // As the reference store compares, but that what is absent or null has no order.
  if (a === undefined || a === null || b === undefined || b === null) return undefined;
  if (typeof a === "object" || typeof b === "object") return undefined;
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference)) return difference;
  if (typeof a !== "string" || typeof b !== "string" || a === b) return a === b ? 0 : undefined;
  return a < b ? -1 : 1;
}

/** Dates are equal when their instants are. */
function isEqual(a: unknown, b: unknown): boolean {
  return isDate(a) && isDate(b) ? a.getTime() === b.getTime() : a === b;
}

const tests: Readonly<Record<Operator, (value: unknown, operand: unknown) => boolean>> = {
  $eq: isEqual,
  $ne: (value, operand) => !isEqual(value, operand),
  $gt: (value, operand) => (compare(value, operand) ?? 0) > 0,
  $gte: (value, operand) => (compare(value, operand) ?? -1) >= 0,
  $lt: (value, operand) => (compare(value, operand) ?? 0) < 0,
  $lte: (value, operand) => (compare(value, operand) ?? 1) <= 0,
  $in: (value, operand) => Array.isArray(operand) && operand.some((one) => isEqual(value, one)),
  $nin: (value, operand) => !Array.isArray(operand) || !operand.some((one) => isEqual(value, one)),
};

function isOperator(name: string): name is Operator {
  return operators.some((operator) => operator === name);
}

function isCondition(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isDate(value);
}

/** @throws InvalidArgumentError for what is no filter, and for an operator that does not exist. */
export function assertFilter(filter: unknown): asserts filter is Record<string, unknown> {
  if (!isCondition(filter)) {
    throw new InvalidArgumentError("AstrocyteStore: filter: expected an object of fields");
  }
  for (const [field, condition] of Object.entries(filter)) {
    if (!isCondition(condition)) continue;
    const unknown = Object.keys(condition).find(
      (name) => name.startsWith("$") && !isOperator(name),
    );
    if (unknown === undefined) continue;
    throw new InvalidArgumentError(
      `AstrocyteStore: filter.${field}: unknown operator ${unknown}; known: ${operators.join(", ")}`,
    );
  }
}

function meets(value: unknown, condition: unknown): boolean {
  if (!isCondition(condition)) return isEqual(value, condition);
  const entries = Object.entries(condition);
  // An object that is no condition equals nothing, not even a copy of itself.
  if (entries.some(([name]) => !isOperator(name))) return false;
  return entries.every(([name, operand]) => isOperator(name) && tests[name](value, operand));
}

/** Whether a value's own top-level fields meet every condition of a filter. */
export function matchesFilter(value: StoreValue, filter: Record<string, unknown>): boolean {
  return Object.entries(filter).every(([field, condition]) =>
    meets(Object.hasOwn(value, field) ? value[field] : undefined, condition),
  );
}
