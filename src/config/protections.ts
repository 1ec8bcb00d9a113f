import { isPlainMap, valueAt, type ConfigDocument } from "./document.js";

/** A flag may come from the environment as text. */
function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && /^(?:true|yes|on|1)$/i.test(value.trim()));
}

function isSaid(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === "string") return value.trim() !== "";
  if (Array.isArray(value)) return value.length > 0;
  return isPlainMap(value) ? Object.values(value).some(isSaid) : true;
}

/** Settings that promise protection. Reading past one would be worse than refusing the file. */
const protections: readonly (readonly [path: string, isAskedFor: (value: unknown) => boolean])[] = [
  ["identity.jwt_middleware.enabled", isOn],
  ["mip_config_path", isSaid],
  ["mip", isSaid],
];

/** Protections that the document asks for and this version does not give. */
export function unsupportedProtections(document: ConfigDocument): string[] {
  return protections
    .filter(([path, isAskedFor]) => isAskedFor(valueAt(document, path)))
    .map(([path]) => path);
}
