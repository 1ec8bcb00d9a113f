import * as z from "zod";

/** What a metadata key may hold; numbers are finite. */
export type MetadataValue = string | number | boolean | null;

/** Flat facts about a memory. Keys that start with `_` are the framework's. */
export type Metadata = { [key: string]: MetadataValue };

function isMetadataValue(value: unknown): value is MetadataValue {
  return (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value))
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "number" ? String(value) : typeof value;
}

/**
 * A plain map of scalars, copied key by key. `__proto__` is refused, since assigning it somewhere downstream would lose it
 * or change a prototype; `constructor`, `lc` and every other name is an ordinary key.
 */
export const metadataSchema = z
  .custom<Metadata>(
    // A Map, a Date and the like would copy to an empty map.
    (value) => Object.prototype.toString.call(value) === "[object Object]",
    "expected a map of names to strings, finite numbers, booleans or nulls",
  )
  .transform((value, context): Metadata => {
    const copy: Metadata = {};
    for (const [key, item] of Object.entries(value)) {
      if (key === "__proto__") {
        context.addIssue({
          code: "custom",
          message: 'the key "__proto__" is not allowed',
          path: [key],
        });
      } else if (isMetadataValue(item)) {
        copy[key] = item;
      } else {
        context.addIssue({
          code: "custom",
          message: `expected a string, finite number, boolean or null, got ${kindOf(item)}`,
          path: [key],
        });
      }
    }
    return copy;
  });
