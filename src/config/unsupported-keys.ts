import { isRecord } from "../dto/is-record.js";
import type { ConfigDocument } from "./document.js";
import { configSchema } from "./schema.js";

/** Settings that promise protection. Reading past one would be worse than refusing the file. */
const protections: readonly (readonly [path: string, isAskedFor: (value: unknown) => boolean])[] = [
  ["compliance_profile", (value) => value !== null && value !== undefined],
  ["access_control.enabled", (value) => value === true],
  ["access_grants", (value) => Array.isArray(value) && value.length > 0],
  ["barriers.pii.mode", (value) => value !== undefined && value !== null && value !== "disabled"],
  ["barriers.pii.action", (value) => value !== undefined && value !== null],
  ["dlp.scan_recall_output", (value) => value === true],
  ["dlp.scan_reflect_output", (value) => value === true],
  ["homeostasis.rate_limits", (value) => isRecord(value) && Object.keys(value).length > 0],
  ["homeostasis.quotas", (value) => isRecord(value) && Object.keys(value).length > 0],
  ["lifecycle.enabled", (value) => value === true],
  ["mip_config_path", (value) => typeof value === "string"],
  ["mip", (value) => typeof value === "string"],
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

/** Top-level settings that nothing reads. */
export function unreadKeys(document: ConfigDocument): string[] {
  return Object.keys(document).filter((key) => !Object.hasOwn(configSchema.shape, key));
}
