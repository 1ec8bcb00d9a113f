import * as z from "zod";
import { isPlainMap } from "./document.js";
import { entrySchema, unwrapSchema } from "./fit-document.js";
import { nearestName } from "./nearest-name.js";
import { configSchema } from "./schema.js";

/** What documents of the contract mention and its reference does not read either. */
const mentioned = new Set([
  "adversarial_defense.abstention_floor_intent_only",
  "bank_templates",
  "governance",
  "hooks",
  "lifecycle.audit",
  "lifecycle.consolidation",
  "lifecycle.scheduler",
  "memory_export_sinks",
  "multi_bank",
  "outbound_transport",
  "signal_quality.scoring",
]);

/** Those that are sections of the document. */
export const mentionedSections: readonly string[] = [...mentioned].filter(
  (path) => !path.includes("."),
);

function describeUnread(path: string, key: string, schema: z.ZodObject): string {
  if (mentioned.has(path)) return `${path} (accepted but not implemented)`;
  const meant = nearestName(key, Object.keys(schema.shape));
  return meant === undefined ? `${path} (unknown)` : `${path} (unknown; did you mean ${meant}?)`;
}

function unreadBelow(wrapped: z.ZodType, value: unknown, path: string): string[] {
  const schema = unwrapSchema(wrapped);
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const { element } = schema;
    if (!(element instanceof z.ZodType)) return [];
    return value.flatMap((item, index) => unreadBelow(element, item, `${path}[${index}]`));
  }
  if (!isPlainMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = path === "" ? key : `${path}.${key}`;
    const itemSchema = entrySchema(schema, key);
    if (itemSchema !== undefined) return unreadBelow(itemSchema, item, here);
    return schema instanceof z.ZodObject ? [describeUnread(here, key, schema)] : [];
  });
}

/** Settings that nothing reads, at any level, each with what it may have meant. */
export function unreadKeys(document: unknown): string[] {
  return unreadBelow(configSchema, document, "");
}
