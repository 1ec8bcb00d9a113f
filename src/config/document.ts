import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";

/** A configuration document as it was written: snake_case keys, nothing filled in. */
export type ConfigDocument = Readonly<Record<string, unknown>>;

/** Maps merge key by key; anything else is replaced by what comes later, lists and nulls too. */
export function mergeDocuments(base: ConfigDocument, override: ConfigDocument): ConfigDocument {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) ? mergeDocuments(before, value) : value;
  }
  return merged;
}

/** Rewrites every text value of a document; keys stay as they are. `path` is dotted: `vector_store_config.path`. */
export function mapStrings(
  value: unknown,
  map: (text: string, path: string) => string,
  path = "",
): unknown {
  if (typeof value === "string") return map(value, path);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => mapStrings(item, map, `${path}[${index}]`));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === "__proto__") throw new ConfigError(`${path}: the key "__proto__" is not allowed`);
      return [key, mapStrings(item, map, path === "" ? key : `${path}.${key}`)];
    }),
  );
}
