import { isPlainMap, type ConfigDocument } from "./document.js";

const mapsOfMaps = ["banks", "agents", "sources", "extraction_profiles"];

interface WithoutStrays {
  readonly document: ConfigDocument;
  /** Dotted paths of what was left out. */
  readonly dropped: readonly string[];
}

function dropRows(rows: unknown, path: string, dropped: string[]): unknown {
  if (!Array.isArray(rows)) return rows;
  return rows.filter((row: unknown, index) => {
    if (isPlainMap(row)) return true;
    dropped.push(`${path}[${index}]`);
    return false;
  });
}

/**
 * Leaves out entries of lists and maps of settings that are no maps themselves. A grant or a bank that is left out allows
 * nothing. A bank with nothing under it is declared all the same.
 *
 * @remarks Spec 03 sections 3 and 4.
 */
export function dropStrays(document: ConfigDocument): WithoutStrays {
  const dropped: string[] = [];
  const kept: Record<string, unknown> = { ...document };
  for (const section of mapsOfMaps) {
    const map = kept[section];
    if (!isPlainMap(map)) continue;
    const entries: [string, unknown][] = [];
    for (const [key, written] of Object.entries(map)) {
      const value = section === "banks" && written === null ? {} : written;
      if (!isPlainMap(value)) dropped.push(`${section}.${key}`);
      else if (section === "banks" && "access" in value) {
        const access = dropRows(value["access"], `banks.${key}.access`, dropped);
        entries.push([key, { ...value, access }]);
      } else entries.push([key, value]);
    }
    kept[section] = Object.fromEntries(entries);
  }
  if ("access_grants" in kept) {
    kept["access_grants"] = dropRows(kept["access_grants"], "access_grants", dropped);
  }
  return { document: kept, dropped };
}
