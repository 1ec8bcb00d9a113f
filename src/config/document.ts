import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";

/** A configuration document as it was written: snake_case keys, nothing filled in. */
export type ConfigDocument = Readonly<Record<string, unknown>>;

/** Only what a YAML file could hold; a live object that a host put into its document is passed on as it is. */
export function isPlainMap(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A date, as YAML reads an unquoted one. */
export function isDate(value: unknown): value is DateLike {
  return Object.prototype.toString.call(value) === "[object Date]";
}

interface DateLike {
  toISOString(): string;
}

/** Maps merge key by key; anything else is replaced by what comes later, lists and nulls too. */
export function mergeDocuments(base: ConfigDocument, override: ConfigDocument): ConfigDocument {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) {
    const before = merged[key];
    merged[key] = isPlainMap(before) && isPlainMap(value) ? mergeDocuments(before, value) : value;
  }
  return merged;
}

const maxDepth = 32;
/** Far more than a file of the largest size has; a document whose parts are used many times over may have more. */
const maxValues = 500_000;

/**
 * A copy of a document in which every text value is rewritten; keys stay as they are. `path` is dotted:
 * `vector_store_config.path`.
 *
 * @param label - What the document is, for the message.
 * @throws ConfigError for the key `__proto__`, and for a document that is too deep, too large or holds itself.
 */
export function rewriteTexts(
  document: ConfigDocument,
  label: string,
  rewrite: (text: string, path: string) => string = (text) => text,
): ConfigDocument {
  let count = 0;
  const refuse = (path: string, reason: string): never => {
    const where = path.length > 80 ? `${path.slice(0, 80)}…` : path;
    throw new ConfigError(`${label}: ${where === "" ? "" : `${where}: `}${reason}`);
  };
  const copyMap = (map: ConfigDocument, path: string, depth: number): ConfigDocument =>
    Object.fromEntries(
      Object.entries(map).map(([key, item]) => {
        if (key === "__proto__") refuse(path, 'the key "__proto__" is not allowed');
        return [key, copy(item, path === "" ? key : `${path}.${key}`, depth + 1)];
      }),
    );
  const copy = (value: unknown, path: string, depth: number): unknown => {
    count += 1;
    if (count > maxValues) refuse(path, `more than ${maxValues} values`);
    if (typeof value === "string") return rewrite(value, path);
    const isList = Array.isArray(value);
    if (!isList && !isPlainMap(value)) return value;
    if (depth > maxDepth) {
      refuse(path, `nested deeper than ${maxDepth} levels, or a part of itself`);
    }
    return isList
      ? value.map((item: unknown, index) => copy(item, `${path}[${index}]`, depth + 1))
      : copyMap(value, path, depth);
  };
  return copyMap(document, "", 0);
}

/** What a document says at a dotted path; undefined where it says nothing. */
export function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of path.split(".")) {
    if (!isPlainMap(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
