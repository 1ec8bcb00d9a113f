import * as z from "zod";
import { isPlainMap, type ConfigDocument } from "./document.js";
import { flagOf } from "./flag-word.js";

/** What stands inside optional, default, transformed and the like: the schema of what is written. */
export function unwrapSchema(schema: z.ZodType): z.ZodType {
  let inner: unknown = schema;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    inner = schema.unwrap();
  } else if (schema instanceof z.ZodPipe) {
    inner = schema.in instanceof z.ZodTransform ? schema.out : schema.in;
  } else {
    return schema;
  }
  return inner instanceof z.ZodType ? unwrapSchema(inner) : schema;
}

/** The schema of a map's entry, or undefined for a key that the schema does not have. */
export function entrySchema(wrapped: z.ZodType, key: string): z.ZodType | undefined {
  const schema = unwrapSchema(wrapped);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
    return Object.hasOwn(shape, key) ? shape[key] : undefined;
  }
  return schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodType
    ? schema.valueType
    : undefined;
}

function fitText(schema: z.ZodType, text: string): unknown {
  const word = text.trim();
  if (schema instanceof z.ZodNumber && /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(word)) {
    return Number(word);
  }
  return schema instanceof z.ZodBoolean ? (flagOf(text) ?? text) : text;
}

/** YAML 1.1 reads `off` as a flag; where a word is due that stands for that flag, it is the word. */
function fitFlag(schema: z.ZodType, flag: boolean): unknown {
  if (!(schema instanceof z.ZodEnum)) return flag;
  return (
    schema.options.find((option) => typeof option === "string" && flagOf(option) === flag) ?? flag
  );
}

/**
 * Makes a document what its schema can read: an environment reference always yields text, so numbers and flags may arrive as
 * text; and a null means that nothing was said, unless the schema has a meaning for it.
 */
export function fitDocument(wrapped: z.ZodType, value: unknown): unknown {
  const schema = unwrapSchema(wrapped);
  if (typeof value === "string") return fitText(schema, value);
  if (typeof value === "boolean") return fitFlag(schema, value);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const { element } = schema;
    return value.map((item) => (element instanceof z.ZodType ? fitDocument(element, item) : item));
  }
  if (!isPlainMap(value)) return value;
  const entries = Object.entries(value).filter(
    ([, item]) => item !== null || !(schema instanceof z.ZodObject),
  );
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const itemSchema = entrySchema(schema, key);
      return [key, itemSchema === undefined ? item : fitDocument(itemSchema, item)];
    }),
  );
}

/** Leaves out sections that are null, so that in a merge they hide nothing of the layer below. */
export function dropNullSections(wrapped: z.ZodType, document: ConfigDocument): ConfigDocument {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(document)) {
    const schema = entrySchema(wrapped, key);
    const section = schema === undefined ? undefined : unwrapSchema(schema);
    const isSection = section instanceof z.ZodObject || section instanceof z.ZodRecord;
    if (value === null && isSection) continue;
    kept[key] = isSection && isPlainMap(value) ? dropNullSections(section, value) : value;
  }
  return kept;
}
