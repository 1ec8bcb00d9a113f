import { InvalidArgumentError } from "astrocyte";
import { dateOf, isDate } from "./dates.js";

/** What a store item holds. */
export type StoreValue = Record<string, unknown>;

/** How a date is written down; an object that has this very form is escaped by a second layer. */
const dateKey = "$date";
const escapeKey = "$escaped";

const maxDepth = 100;

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || !isOwnRealm(prototype);
}

/** A plain object of another realm has a prototype without a prototype. */
function isOwnRealm(prototype: unknown): boolean {
  return (
    typeof prototype === "object" && prototype !== null && Object.getPrototypeOf(prototype) !== null
  );
}

function refuse(path: string, reason: string): never {
  throw new InvalidArgumentError(
    `AstrocyteStore: value${path}: ${reason}; a value holds texts, finite numbers, booleans, null, dates, lists and plain objects`,
  );
}

function encode(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) refuse(path, `cannot keep ${String(value)}`);
    return value;
  }
  if (typeof value !== "object") refuse(path, `cannot keep a ${typeof value}`);
  if (depth > maxDepth) refuse(path, `is nested more than ${maxDepth} deep, or holds itself`);
  if (isDate(value)) {
    const time = value.getTime();
    if (Number.isNaN(time)) refuse(path, "is no date");
    return { [dateKey]: time };
  }
  if (Array.isArray(value)) {
    return Array.from(value, (item, at) => encode(item, `${path}[${at}]`, depth + 1));
  }
  if (!isPlain(value)) refuse(path, `cannot keep a ${value.constructor.name}`);
  const fields: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    // As JSON does; reading a field that is not there gives the same.
    if (item === undefined) continue;
    fields.push([key, encode(item, `${path}.${key}`, depth + 1)]);
  }
  const copy: unknown = Object.fromEntries(fields);
  const [only] = fields;
  const looksEncoded = fields.length === 1 && (only?.[0] === dateKey || only?.[0] === escapeKey);
  return looksEncoded ? { [escapeKey]: copy } : copy;
}

function decode(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  const entries: [string, unknown][] = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const [key, inner] = only;
    if (key === dateKey && typeof inner === "number") return dateOf(inner);
    if (key === escapeKey) return decodeFields(inner);
  }
  return decodeFields(value);
}

function decodeFields(value: unknown): StoreValue {
  // Object.fromEntries, since assigning a field "__proto__" would set a prototype.
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([key, item]) => [key, decode(item)] as const),
  );
}

/**
 * A value as JSON text, from which {@link parseValue} gives an equal one back: dates are dates again.
 *
 * @throws InvalidArgumentError that names the path of what would not come back.
 */
export function writeValue(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isDate(value)) {
    refuse("", "expected an object");
  }
  return JSON.stringify(encode(value, "", 0));
}

/** A copy of the value that was written. */
export function parseValue(text: string): StoreValue {
  const value = decode(JSON.parse(text));
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
