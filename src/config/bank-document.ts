import { ConfigError } from "../errors.js";
import { isPlainMap, mergeDocuments, valueAt, type ConfigDocument } from "./document.js";

/** The sections that a bank may have of its own. */
const bankSections = ["homeostasis", "barriers", "signal_quality"] as const;

/** What a document says of one bank; empty for a bank that it does not name. */
export function bankSettings(document: ConfigDocument, bankId: string): ConfigDocument {
  const banks = valueAt(document, "banks");
  const bank = isPlainMap(banks) && Object.hasOwn(banks, bankId) ? banks[bankId] : undefined;
  return isPlainMap(bank) ? bank : {};
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
 * @param profiles - By name, the profiles of banks.
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
  const own = bankSections.filter((section) => isPlainMap(bank[section]));
  return mergeDocuments(
    mergeDocuments(document, profile),
    Object.fromEntries(own.map((section) => [section, bank[section]])),
  );
}
