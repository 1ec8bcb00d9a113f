import * as z from "zod";
import { isRecord } from "../dto/is-record.js";

/** What stands inside optional, default and the like. */
export function unwrapSchema(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? unwrapSchema(inner) : schema;
  }
  return schema;
}

const truths: readonly string[] = ["true", "yes", "on", "1"];
const falsehoods: readonly string[] = ["false", "no", "off", "0"];

function fitText(schema: z.ZodType, text: string): unknown {
  const word = text.trim().toLowerCase();
  if (schema instanceof z.ZodNumber && /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(word)) {
    return Number(word);
  }
  if (schema instanceof z.ZodBoolean && truths.includes(word)) return true;
  return schema instanceof z.ZodBoolean && falsehoods.includes(word) ? false : text;
}

/**
 * Makes a document what its schema can read: an environment reference always yields text, so numbers and flags may arrive as
 * text; and a null means that nothing was said, unless the schema has a meaning for it.
 */
export function fitDocument(wrapped: z.ZodType, value: unknown): unknown {
  const schema = unwrapSchema(wrapped);
  if (typeof value === "string") return fitText(schema, value);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const { element } = schema;
    return value.map((item) => (element instanceof z.ZodType ? fitDocument(element, item) : item));
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
    return Object.fromEntries(
      entries
        .filter(([, item]) => item !== null)
        .map(([key, item]) => {
          const itemSchema = Object.hasOwn(shape, key) ? shape[key] : undefined;
          return [key, itemSchema === undefined ? item : fitDocument(itemSchema, item)];
        }),
    );
  }
  if (schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodType) {
    const { valueType } = schema;
    return Object.fromEntries(entries.map(([key, item]) => [key, fitDocument(valueType, item)]));
  }
  return value;
}
