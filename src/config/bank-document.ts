import { ConfigError } from "../errors.js";
import { isPlainMap, mergeDocuments, valueAt, type ConfigDocument } from "./document.js";

/** The sections that a bank may have of its own. */
const bankSections = ["homeostasis", "barriers", "signal_quality"] as const;

/** What of a profile can hold for one bank, as sections or as keys of one; the rest concerns the whole brain. */
const bankProfilePaths: readonly string[] = [
  ...bankSections,
  "defaults",
  "dlp",
  "escalation.degraded_mode",
];

/** Settings within these that only work globally. */
const onlyGlobalPaths: readonly string[] = [
  "homeostasis.tokenizer",
  "homeostasis.rate_limits.global_per_minute",
];

/** Whether a bank may have a setting of its own, by its path within the bank. */
export function worksPerBank(path: string): boolean {
  return !onlyGlobalPaths.includes(path);
}

interface PerBank {
  readonly document: ConfigDocument;
  /** Dotted paths of what is not in it, since it works globally only. */
  readonly leftOut: readonly string[];
}

/** The part of a document that can hold for one bank. */
function perBank(document: ConfigDocument, path = "", isWithin = false): PerBank {
  const kept: [string, unknown][] = [];
  const leftOut: string[] = [];
  for (const [key, value] of Object.entries(document)) {
    const here = path === "" ? key : `${path}.${key}`;
    const isKept = (isWithin || bankProfilePaths.includes(here)) && worksPerBank(here);
    const leadsOn = isKept || bankProfilePaths.some((one) => one.startsWith(`${here}.`));
    if (!leadsOn) {
      leftOut.push(here);
      continue;
    }
    if (!isPlainMap(value)) {
      kept.push([key, value]);
      continue;
    }
    const below = perBank(value, here, isKept);
    kept.push([key, below.document]);
    leftOut.push(...below.leftOut);
  }
  return { document: Object.fromEntries(kept), leftOut };
}

/** A profile as it holds for a bank. */
export function bankProfileOf(profile: ConfigDocument): PerBank {
  return perBank(profile);
}

/** What a document says of one bank; empty for a bank that it does not name. */
export function bankSettings(document: ConfigDocument, bankId: string): ConfigDocument {
  const banks = valueAt(document, "banks");
  const bank = isPlainMap(banks) && Object.hasOwn(banks, bankId) ? banks[bankId] : undefined;
  return isPlainMap(bank) ? bank : {};
}

/** What of a bank's settings holds for it. */
export function bankSectionsOf(bank: ConfigDocument): ConfigDocument {
  const own = bankSections.filter((section) => isPlainMap(bank[section]));
  return perBank(Object.fromEntries(own.map((section) => [section, bank[section]]))).document;
}

/** The name of a bank's own profile. */
export function bankProfileName(bank: ConfigDocument): string | undefined {
  const { profile } = bank;
  return typeof profile === "string" && profile.trim() !== "" ? profile.trim() : undefined;
}

/**
 * The document that holds for one bank: the global settings, the bank's profile over them, its own settings on top. What a bank
 * leaves out of a section stays as it is globally, since what is written is merged before anything gets a default.
 *
 * @param profiles - By name, the profiles of banks, as {@link bankProfileOf} gives them.
 * @throws ConfigError when the bank's profile is not among them.
 * @remarks Spec 03 sections 3 (`banks`) and 4.
 */
export function resolveBankDocument(
  document: ConfigDocument,
  bankId: string,
  profiles: ReadonlyMap<string, ConfigDocument> = new Map(),
): ConfigDocument {
  const bank = bankSettings(document, bankId);
  const name = bankProfileName(bank);
  const profile = name === undefined ? {} : profiles.get(name);
  if (profile === undefined) {
    throw new ConfigError(
      `banks.${bankId}.profile: "${name}" was not loaded; profiles are read by Astrocyte.fromConfig only`,
    );
  }
  return mergeDocuments(mergeDocuments(document, profile), bankSectionsOf(bank));
}
