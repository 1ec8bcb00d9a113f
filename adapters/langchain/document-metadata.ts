import {
  InvalidArgumentError,
  metadataSchema,
  parseShape,
  type Metadata,
  type MetadataValue,
} from "astrocyte";
import { isRecord } from "./is-record.js";

/** The key under which a store keeps, as JSON, the entries of a document's metadata that are no scalars. */
const nestedKey = "_langchain_nested";

function isScalar(value: unknown): value is MetadataValue {
  return (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value))
  );
}

function toJson(value: unknown, name: string): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new InvalidArgumentError(`${name}: cannot be written as JSON`, { cause: error });
  }
}

/**
 * A document's metadata as a store keeps it: scalars as they are, so that filters see them, the rest as JSON. What JSON has no
 * form for is lost, as in any store: a `Date` comes back as text, `undefined` not at all.
 *
 * @throws InvalidArgumentError for what is no plain object, holds a cycle or a bigint, or uses the key that holds the rest.
 */
export function toStoredMetadata(metadata: unknown, name: string): Metadata {
  if (metadata === undefined) return {};
  if (!isRecord(metadata) || Array.isArray(metadata)) {
    throw new InvalidArgumentError(`${name}: expected an object`);
  }
  if (Object.hasOwn(metadata, nestedKey)) {
    throw new InvalidArgumentError(`${name}: the key "${nestedKey}" is taken`);
  }
  const entries = Object.entries(metadata).filter(([, value]) => value !== undefined);
  const nested = entries.filter(([, value]) => !isScalar(value));
  const scalars = Object.fromEntries(entries.filter(([, value]) => isScalar(value)));
  const stored = parseShape(metadataSchema, scalars, name);
  return nested.length === 0
    ? stored
    : { ...stored, [nestedKey]: toJson(Object.fromEntries(nested), name) };
}

/** The metadata that a document was stored with, without what was put there in another way. */
export function fromStoredMetadata(stored: Metadata = {}): Record<string, unknown> {
  const { [nestedKey]: nested, ...scalars } = stored;
  if (typeof nested !== "string") return scalars;
  let parsed: unknown;
  try {
    parsed = JSON.parse(nested);
  } catch {
    return scalars;
  }
  return isRecord(parsed) ? { ...scalars, ...parsed } : scalars;
}
