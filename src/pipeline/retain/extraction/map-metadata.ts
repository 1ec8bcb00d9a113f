import { isRecord } from "../../../dto/is-record.js";
import type { Metadata, MetadataValue } from "../../../dto/metadata.js";
import { readJson } from "../../llm/read-json.js";

const maxDepth = 64;

/** JSON with a space after commas and colons. */
function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${jsonText(item)}`,
  );
  return `{${members.join(", ")}}`;
}

/** Walks objects only; lists have no path into them. */
function at(root: unknown, path: string): unknown {
  let value = root;
  for (const part of path.replace(/^\$\.*/, "").split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function metadataValue(value: unknown): MetadataValue | undefined {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return Array.isArray(value) || isRecord(value) ? jsonText(value) : undefined;
}

/**
 * Metadata from content that is a JSON object or list. A mapping's value that begins with `$` is a path of object keys
 * (`$.user.name`; the root of a list is `$.$`), any other is taken as it stands. Lists and objects become JSON text; what is
 * absent or null is left out.
 *
 * @returns `undefined` when there is none, and for content that is not JSON: then the fixed values do not apply either.
 */
export function mapMetadata(
  content: string,
  mapping: Readonly<Record<string, unknown>> | undefined,
): Metadata | undefined {
  if (mapping === undefined) return undefined;
  const parsed = readJson(content, maxDepth);
  if (!Array.isArray(parsed) && !isRecord(parsed)) return undefined;
  const root = isRecord(parsed) ? parsed : { $: parsed };
  const metadata: Metadata = {};
  for (const [key, source] of Object.entries(mapping)) {
    const isPath = typeof source === "string" && source.startsWith("$");
    const value = metadataValue(isPath ? at(root, source) : source);
    if (value !== undefined && key !== "__proto__") metadata[key] = value;
  }
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}
