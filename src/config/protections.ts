import { isPlainMap, valueAt, type ConfigDocument } from "./document.js";
import { flagOf } from "./flag-word.js";
import type { AstrocyteConfig } from "./schema.js";

/** Whether a setting asks for something: it is on, or says how. A section that is switched off asks for nothing. */
function isAskedFor(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value.trim() !== "" && flagOf(value) !== false;
  if (Array.isArray(value)) return value.some(isAskedFor);
  if (!isPlainMap(value)) return value !== null && value !== undefined;
  return "enabled" in value ? isAskedFor(value["enabled"]) : Object.values(value).some(isAskedFor);
}

/** The key that asks callers for tokens. */
const tokenCheck = "identity.jwt_middleware.enabled";

/** Dotted paths of settings that are refused: they promise protection, and nothing keeps the promise in this version. */
export const refusedPaths: readonly string[] = [tokenCheck, "governance.*"];

/** Dotted paths of settings that can be read, and with which no brain is built. */
export const unenforcedPaths = ["mip_config_path", "mip"] as const;

/** Protections that a document asks for, and with which it cannot be read, by dotted path. */
export function refusedProtections(document: ConfigDocument): string[] {
  const governance = valueAt(document, "governance");
  const sections = isPlainMap(governance)
    ? Object.entries(governance).filter(([, value]) => isAskedFor(value))
    : [];
  return [
    ...(isAskedFor(valueAt(document, tokenCheck)) ? [tokenCheck] : []),
    ...sections.map(([key]) => `governance.${key}`),
    ...(!isPlainMap(governance) && isAskedFor(governance) ? ["governance"] : []),
  ];
}

/**
 * Settings of a configuration that decide what may be stored or seen, and on which this version does not act. A brain that read
 * past them would protect less than was asked for, so it is not built.
 */
export function unenforced(config: AstrocyteConfig): string[] {
  return unenforcedPaths.filter((path) => config[path] !== undefined);
}
