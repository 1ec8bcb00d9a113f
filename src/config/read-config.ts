import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { Logger } from "../logger.js";
import { processLogger } from "../logger.js";
import { bankProfileName, bankSettings } from "./bank-document.js";
import { mapStrings, mergeDocuments, type ConfigDocument } from "./document.js";
import { dropStrays } from "./drop-strays.js";
import { environmentLayer } from "./environment-layer.js";
import { dropNullSections } from "./fit-document.js";
import { hideDocumentSecrets } from "./hide-secrets.js";
import { loadProfile, type ProfileKind } from "./load-profile.js";
import { ineffectiveSettings } from "./not-implemented.js";
import { bankIdsOf, parseBankConfigs, parseConfig } from "./parse-config.js";
import { parseYaml } from "./parse-yaml.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";
import { substituteEnvironment, type Environment } from "./substitute-environment.js";
import { unreadKeys } from "./unread-keys.js";
import { weakenedSettings } from "./weakened-settings.js";

export interface ReadConfigOptions {
  /** Hears of settings without effect, of misspelt ones, and of what weakens a compliance profile. @defaultValue process warnings */
  readonly logger?: Logger | undefined;
  /** Where `${NAME}` of a file comes from. @defaultValue the process environment */
  readonly environment?: Environment | undefined;
}

/** What one source of settings says. */
export interface ConfigLayer {
  readonly from: "compliance profile" | "profile" | "file" | "environment";
  readonly document: ConfigDocument;
}

/** A configuration as it was read. Secrets in it do not print. */
export interface LoadedConfig {
  /** The file's path, or `config`. */
  readonly label: string;
  /** From the weakest to the strongest. */
  readonly layers: readonly ConfigLayer[];
  /** The layers in one. */
  readonly document: ConfigDocument;
  /** By name, the profiles that banks have of their own. */
  readonly bankProfiles: ReadonlyMap<string, ConfigDocument>;
  /** Every setting, with defaults where nothing is said. */
  readonly config: AstrocyteConfig;
  /** The same for each bank that the document names, with what is the bank's own. */
  readonly bankConfigs: ReadonlyMap<string, AstrocyteConfig>;
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "ENOENT"
        ? "Config file not found"
        : "Config file cannot be read";
    throw new ConfigError(`${reason}: ${resolve(path)}`, { cause: error });
  }
}

async function readWritten(
  source: string | ConfigDocument,
  environment: Environment,
  logger: Logger,
): Promise<ConfigDocument> {
  if (typeof source === "string") {
    return substituteEnvironment(
      parseYaml(await readConfigFile(source), source),
      environment,
      logger,
      source,
    );
  }
  const copy = mapStrings(source, (text) => text);
  if (!isRecord(copy)) throw new ConfigError("config: the document must be a map of settings");
  return copy;
}

/** `mip` is another spelling of `mip_config_path`, and a relative path begins where the file is. */
function withRoutingPath(document: ConfigDocument, folder: string): ConfigDocument {
  const { mip, ...settings } = document;
  const path = settings["mip_config_path"] ?? mip;
  if (typeof path !== "string" || path.trim() === "") return document;
  return { ...settings, mip_config_path: resolve(folder, path) };
}

async function profileLayer(
  written: ConfigDocument,
  kind: ProfileKind,
  folder: string,
): Promise<ConfigLayer[]> {
  const name = written[kind];
  if (typeof name !== "string" || name.trim() === "") return [];
  const from = kind === "profile" ? "profile" : "compliance profile";
  return [{ from, document: await loadProfile(kind, name.trim(), folder) }];
}

async function loadBankProfiles(
  document: ConfigDocument,
  folder: string,
): Promise<Map<string, ConfigDocument>> {
  const profiles = new Map<string, ConfigDocument>();
  for (const bankId of bankIdsOf(document)) {
    const name = bankProfileName(bankSettings(document, bankId));
    if (name !== undefined && !profiles.has(name)) {
      profiles.set(name, await loadProfile("profile", name, folder));
    }
  }
  return profiles;
}

function reportIgnored(
  written: ConfigDocument,
  dropped: readonly string[],
  config: AstrocyteConfig,
  logger: Logger,
): void {
  const ignored = [
    ...unreadKeys(written),
    ...ineffectiveSettings(config).map((path) => `${path} (accepted but not implemented)`),
    ...dropped.map((path) => `${path} (no map of settings)`),
  ];
  if (ignored.length > 0) {
    logger.warn("astrocyte.config.ignored_settings", { keys: ignored.join(", ") });
  }
}

function reportWeakened({ layers, config, bankConfigs }: LoadedConfig, logger: Logger): void {
  const compliance = layers.find(({ from }) => from === "compliance profile")?.document;
  if (compliance === undefined) return;
  const weakened = weakenedSettings(compliance, config);
  for (const [bankId, bankConfig] of bankConfigs) {
    const ofBank = weakenedSettings(compliance, bankConfig).filter(
      (path) => !weakened.includes(path),
    );
    weakened.push(...ofBank.map((path) => `banks.${bankId}.${path}`));
  }
  if (weakened.length === 0) return;
  logger.warn("astrocyte.config.weakened_compliance_profile", {
    profile: config.compliance_profile ?? "",
    keys: weakened.join(", "),
  });
}

/**
 * Reads a configuration: a path to an `astrocyte.yaml`, or the document itself. Environment references are replaced in a file
 * only. Later layers win: compliance profile, profile, the document, then the settings of a bank.
 *
 * @throws ConfigError for a missing file, bad YAML, an unknown profile, a protection that this version does not give, and for
 *   values that are wrong: every problem at once.
 */
export async function readConfig(
  source: string | ConfigDocument,
  { logger = processLogger, environment = process.env }: ReadConfigOptions = {},
): Promise<LoadedConfig> {
  const isFile = typeof source === "string";
  const label = isFile ? source : "config";
  const folder = isFile ? dirname(resolve(source)) : process.cwd();
  const raw = await readWritten(source, environment, logger);
  const strays = dropStrays(raw);
  const said = dropNullSections(configSchema, strays.document);
  const written = withRoutingPath(hideDocumentSecrets(said), folder);
  const below: ConfigLayer[] = [
    ...(await profileLayer(written, "compliance_profile", folder)),
    ...(await profileLayer(written, "profile", folder)),
    { from: "file", document: written },
  ];
  const merged = below.reduce<ConfigDocument>(
    (base, { document }) => mergeDocuments(base, document),
    {},
  );
  const fromEnvironment = environmentLayer(merged, environment);
  const layers: ConfigLayer[] = [...below, { from: "environment", document: fromEnvironment }];
  const document = mergeDocuments(merged, fromEnvironment);
  const bankProfiles = await loadBankProfiles(document, folder);
  const loaded: LoadedConfig = {
    label,
    layers,
    document,
    bankProfiles,
    config: parseConfig(document, label),
    bankConfigs: parseBankConfigs(document, label, bankProfiles),
  };
  reportIgnored(raw, strays.dropped, loaded.config, logger);
  reportWeakened(loaded, logger);
  return loaded;
}
