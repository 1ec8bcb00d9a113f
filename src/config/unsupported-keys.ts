import * as z from "zod";
import { isRecord } from "../dto/is-record.js";
import type { ConfigDocument } from "./document.js";
import { configSchema } from "./schema.js";

/** A flag may come from the environment as text. */
function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && /^(?:true|yes|on|1)$/i.test(value.trim()));
}

function isSaid(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  return isRecord(value) ? Object.values(value).some(isSaid) : true;
}

function isNotDisabledPii(value: unknown): boolean {
  return isSaid(value) && !(isRecord(value) && value["mode"] === "disabled");
}

/** Settings that promise protection. Reading past one would be worse than refusing the file. */
const protections: readonly (readonly [path: string, isAskedFor: (value: unknown) => boolean])[] = [
  ["compliance_profile", isSaid],
  ["access_control.enabled", isOn],
  ["access_grants", isSaid],
  ["agents", isSaid],
  ["banks", isSaid],
  ["identity.jwt_middleware.enabled", isOn],
  ["barriers.pii", isNotDisabledPii],
  ["barriers.metadata", isSaid],
  ["barriers.validation.max_content_length", isSaid],
  ["barriers.validation.allowed_content_types", isSaid],
  ["dlp.scan_recall_output", isOn],
  ["dlp.scan_reflect_output", isOn],
  ["homeostasis.rate_limits", isSaid],
  ["homeostasis.quotas", isSaid],
  ["homeostasis.retain_max_content_bytes", isSaid],
  ["lifecycle.enabled", isOn],
  ["mip_config_path", isSaid],
  ["mip", isSaid],
];

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of path.split(".")) {
    if (!isRecord(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** Protections that the document asks for and this version does not give. */
export function unsupportedProtections(document: ConfigDocument): string[] {
  return protections
    .filter(([path, isAskedFor]) => isAskedFor(valueAt(document, path)))
    .map(([path]) => path);
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? shapeOf(inner) : undefined;
  }
  return schema instanceof z.ZodObject ? schema.shape : undefined;
}

/** Settings that nothing reads, by dotted path. */
export function unreadKeys(
  document: ConfigDocument,
  schema: z.ZodType = configSchema,
  path = "",
): string[] {
  const shape = shapeOf(schema);
  if (shape === undefined) return [];
  return Object.entries(document).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    const itemSchema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (itemSchema === undefined) return [here];
    return isRecord(value) ? unreadKeys(value, itemSchema, here) : [];
  });
}
