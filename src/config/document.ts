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

/**
 * Rewrites every text value of a document; keys stay as they are. `path` is dotted: `vector_store_config.path`.
 *
 * @throws ConfigError for the key `__proto__`, and for a document that is too deep or holds itself.
 */
export function mapStrings(
  value: unknown,
  map: (text: string, path: string) => string,
  path = "",
  depth = 0,
): unknown {
  if (typeof value === "string") return map(value, path);
  const isList = Array.isArray(value);
  if (!isList && !isPlainMap(value)) return value;
  if (depth > maxDepth) {
    throw new ConfigError(
      `${path.slice(0, 80)}…: nested deeper than ${maxDepth} levels, or a part of itself`,
    );
  }
  if (isList) {
    return value.map((item: unknown, index) =>
      mapStrings(item, map, `${path}[${index}]`, depth + 1),
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === "__proto__") throw new ConfigError(`${path}: the key "__proto__" is not allowed`);
      return [key, mapStrings(item, map, path === "" ? key : `${path}.${key}`, depth + 1)];
    }),
  );
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
