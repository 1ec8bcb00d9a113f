import { isPlainMap } from "./document.js";
import { concealSecrets } from "./conceal-secrets.js";
import { bankProfileName, bankSectionsOf, bankSettings } from "./bank-document.js";
import type { EnvironmentValues } from "./environment-values.js";
import { writtenGrantsOf } from "./grants-of.js";
import { nearestName } from "./nearest-name.js";
import type { ConfigLayer, LoadedConfig } from "./read-config.js";
import { maskCredentials } from "./secret-text.js";

/** One setting as it holds. */
export interface ConfigRow {
  /** Dotted: `barriers.pii.mode`. */
  readonly path: string;
  /**
   * JSON values only; a secret is `***`, what is not set is null, and a text from the environment is the reference as it is
   * written.
   */
  readonly value: unknown;
  /** The strongest layer that says something about it. */
  readonly from: ConfigLayer["from"] | "bank profile" | "bank" | "default";
  /** Whether it stands in the file as a reference to the environment. */
  readonly isReference?: true | undefined;
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

/** An address or a connection string may stand anywhere. */
function maskText(_key: string, value: unknown): unknown {
  return typeof value === "string" ? maskCredentials(value) : value;
}

/** Whatever has a JSON form of its own, such as a secret, is shown by it; functions and live objects by their kind. */
function shown(value: unknown): unknown {
  if (value === undefined) return null;
  try {
    const text: string | undefined = JSON.stringify(value, maskText);
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
  return [...sources, { from: "bank", document: bankSectionsOf(bank) }];
}

/** With references in place of what they were replaced by; texts only, since a number or a flag is hardly a secret. */
function withReferences(
  value: unknown,
  path: string,
  values: EnvironmentValues,
): { readonly value: unknown; readonly isReference: boolean } {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) =>
      withReferences(item, `${path}[${index}]`, values),
    );
    return {
      value: items.map((item) => item.value),
      isReference: items.some(({ isReference }) => isReference),
    };
  }
  if (isPlainMap(value)) {
    const entries = Object.entries(value).map(
      ([key, item]) => [key, withReferences(item, `${path}.${key}`, values)] as const,
    );
    return {
      value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
      isReference: entries.some(([, { isReference }]) => isReference),
    };
  }
  const written = values.writtenAt(path);
  return {
    value: written !== undefined && typeof value === "string" ? written : value,
    isReference: written !== undefined,
  };
}

/** The texts of a value without what came from the environment. */
function concealed(value: unknown, loaded: LoadedConfig): unknown {
  if (typeof value === "string") return concealSecrets(value, loaded);
  if (Array.isArray(value)) return value.map((item: unknown) => concealed(item, loaded));
  return value;
}

function grantRows(loaded: LoadedConfig, bankId: string | undefined): ConfigRow[] {
  const { config, environmentValues: values } = loaded;
  return writtenGrantsOf(config)
    .filter(({ grant }) => bankId === undefined || ["*", bankId].includes(grant.bankId))
    .map(({ path, grant }, index) => {
      const shownText = (text: string, key: string) =>
        values.writtenAt(`${path}.${key}`) ??
        values.writtenAt(path) ??
        concealSecrets(text, loaded);
      const value = {
        bank_id: shownText(grant.bankId, "bank_id"),
        principal: shownText(grant.principal, "principal"),
        permissions: grant.permissions,
      };
      return { path: `effective_grants[${index}]`, value, from: "file" as const };
    });
}

/**
 * The effective configuration, setting by setting, with where each comes from; then the grants it comes to, as
 * `effective_grants[0]`. Secrets are masked.
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
  const rows = [...leavesOf(config, [])].map(([keys, value]): ConfigRow => {
    const path = keys.join(".");
    const from = sources.find(({ document }) => says(document, keys))?.from ?? "default";
    const writtenPath = from === "bank" ? `banks.${bankId}.${path}` : path;
    const isWritten = from === "bank" || from === "file";
    const seen = isWritten
      ? withReferences(value, writtenPath, loaded.environmentValues)
      : { value, isReference: false };
    // The schema gives it another place than the file has, where no reference is found.
    const isMoved = /^(?:agents\.|mip)/.test(path);
    const row = { path, value: shown(isMoved ? concealed(seen.value, loaded) : seen.value), from };
    return seen.isReference ? { ...row, isReference: true } : row;
  });
  return [...rows, ...grantRows(loaded, bankId)];
}

/** Says so when a bank has no settings of its own; undefined when it has. */
export function describeUnknownBank(
  { bankConfigs }: LoadedConfig,
  bankId: string,
): string | undefined {
  if (bankConfigs.has(bankId)) return undefined;
  const meant = nearestName(bankId, [...bankConfigs.keys()]);
  const hint = meant === undefined ? "" : ` (did you mean ${meant}?)`;
  return `bank "${bankId}" is not under banks:, so it has the global settings${hint}`;
}

/** The rows as text, one a line: path, value, and in brackets where it comes from. */
export function formatConfigRows(rows: readonly ConfigRow[]): string {
  return rows
    .map(({ path, value, from, isReference }) => {
      const source = isReference === true ? `${from}, from the environment` : from;
      return `${path}: ${JSON.stringify(value)} (${source})`;
    })
    .join("\n");
}
