import { isPlainMap } from "./document.js";
import { bankProfileName, bankSettings } from "./bank-document.js";
import type { ConfigLayer, LoadedConfig } from "./read-config.js";

/** One setting as it holds. */
export interface ConfigRow {
  /** Dotted: `barriers.pii.mode`. */
  readonly path: string;
  /** JSON values only; a secret is `***`, and what is not set is null. */
  readonly value: unknown;
  /** The strongest layer that says something about it. */
  readonly from: ConfigLayer["from"] | "bank profile" | "bank" | "default";
}

export interface DescribeConfigOptions {
  /** Shows what holds for this bank. @defaultValue what holds for banks without settings of their own */
  readonly bankId?: string | undefined;
}

interface Source {
  readonly from: ConfigRow["from"];
  readonly document: unknown;
}

function* leavesOf(value: unknown, path: readonly string[]): Generator<[string[], unknown]> {
  if (!isPlainMap(value) || Object.keys(value).length === 0) {
    yield [[...path], value];
    return;
  }
  for (const [key, item] of Object.entries(value)) yield* leavesOf(item, [...path, key]);
}

function says(document: unknown, path: readonly string[]): boolean {
  let value = document;
  for (const key of path) {
    // A list or a text in place of a map speaks for all that would be below it.
    if (!isPlainMap(value)) return value !== undefined;
    if (!Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return value !== undefined;
}

/** A user name and a password may stand in the address of anything. */
function maskAddress(_key: string, value: unknown): unknown {
  return typeof value === "string"
    ? value.replace(/:\/\/[^\s/?#@:]*:[^\s/?#@]+@/g, "://***@")
    : value;
}

/** Whatever has a JSON form of its own, such as a secret, is shown by it; functions and live objects by their kind. */
function shown(value: unknown): unknown {
  if (value === undefined) return null;
  try {
    const text: string | undefined = JSON.stringify(value, maskAddress);
    return text === undefined ? `(${typeof value})` : JSON.parse(text);
  } catch {
    return "(object)";
  }
}

function sourcesFor(loaded: LoadedConfig, bankId: string | undefined): Source[] {
  const sources: Source[] = [...loaded.layers];
  if (bankId === undefined) return sources;
  const bank = bankSettings(loaded.document, bankId);
  const profileName = bankProfileName(bank);
  const profile = profileName === undefined ? undefined : loaded.bankProfiles.get(profileName);
  if (profile !== undefined) sources.push({ from: "bank profile", document: profile });
  const { homeostasis, barriers, signal_quality } = bank;
  return [...sources, { from: "bank", document: { homeostasis, barriers, signal_quality } }];
}

/**
 * The effective configuration, setting by setting, with where each comes from. Secrets are masked.
 *
 * A bank that the document does not name has the global settings.
 */
export function describeConfig(
  loaded: LoadedConfig,
  { bankId }: DescribeConfigOptions = {},
): ConfigRow[] {
  const own = bankId === undefined ? undefined : loaded.bankConfigs.get(bankId);
  const sources = sourcesFor(loaded, bankId).toReversed();
  const { banks, ...settings } = own ?? loaded.config;
  const config = bankId === undefined ? { ...settings, banks } : settings;
  return [...leavesOf(config, [])].map(([path, value]) => ({
    path: path.join("."),
    value: shown(value),
    from: sources.find(({ document }) => says(document, path))?.from ?? "default",
  }));
}

/** The rows as text, one a line: path, value, and in brackets where it comes from. */
export function formatConfigRows(rows: readonly ConfigRow[]): string {
  return rows
    .map(({ path, value, from }) => `${path}: ${JSON.stringify(value)} (${from})`)
    .join("\n");
}
