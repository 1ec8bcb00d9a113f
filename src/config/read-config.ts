import { dirname, resolve } from "node:path";
import { ConfigError } from "../errors.js";
import { processLogger, type Logger } from "../logger.js";
import { bankProfileName, bankProfileOf, bankSettings } from "./bank-document.js";
import { mergeDocuments, rewriteTexts, type ConfigDocument } from "./document.js";
import { dropStrays } from "./drop-strays.js";
import { environmentLayer } from "./environment-layer.js";
import { EnvironmentValues } from "./environment-values.js";
import { dropNullSections } from "./fit-document.js";
import { hideDocumentSecrets } from "./hide-secrets.js";
import { ignoredSettings, logIgnored } from "./ignored-settings.js";
import { loadProfile, type LoadedProfile, type ProfileKind } from "./load-profile.js";
import { bankConfigsOf, bankIdsOf, examineDocument } from "./parse-config.js";
import { parseYaml } from "./parse-yaml.js";
import { readBounded } from "./read-bounded.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";
import {
  substituteEnvironment,
  type Environment,
  type Substituted,
} from "./substitute-environment.js";
import { unreadKeys } from "./unread-keys.js";
import { demandsOf, weakenedByBank, weakenedSettings } from "./weakened-settings.js";

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

/** What a configuration has that is no error, and that its author should know. */
export interface ConfigWarnings {
  /** Settings without effect, each with its dotted path and the reason. */
  readonly ignored: readonly string[];
  /** Dotted paths at which the compliance profile is not kept to. */
  readonly weakened: readonly string[];
  /** References to the environment that stay as written, as `path: ${NAME}`. */
  readonly unset: readonly string[];
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
  /** Which texts came from the environment. */
  readonly environmentValues: EnvironmentValues;
  readonly warnings: ConfigWarnings;
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readBounded(path);
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
  label: string,
): Promise<Substituted> {
  if (typeof source === "string") {
    return substituteEnvironment(
      parseYaml(await readConfigFile(source), label),
      environment,
      label,
    );
  }
  const document = rewriteTexts(source, label);
  return { document, values: new EnvironmentValues(), problems: [], unset: [] };
}

/** `mip` is another spelling of `mip_config_path`, and a relative path begins where the file is. */
function withRoutingPath(document: ConfigDocument, folder: string): ConfigDocument {
  const { mip, ...settings } = document;
  const path = settings["mip_config_path"] ?? mip;
  if (typeof path !== "string" || path.trim() === "") return document;
  return { ...settings, mip_config_path: resolve(folder, path.trim()) };
}

const profileLayers = { compliance_profile: "compliance profile", profile: "profile" } as const;

/** The profiles that a document names, or that a bank of it does; a name that is no text is the schema's matter. */
class ProfileReader {
  readonly #loaded = new Map<string, LoadedProfile>();
  readonly #folder: string;
  readonly #values: EnvironmentValues;

  constructor(folder: string, values: EnvironmentValues) {
    this.#folder = folder;
    this.#values = values;
  }

  get all(): readonly LoadedProfile[] {
    return [...this.#loaded.values()];
  }

  async read(kind: ProfileKind, name: unknown): Promise<LoadedProfile | undefined> {
    if (typeof name !== "string" || name.trim() === "") return undefined;
    const key = `${kind}/${name.trim()}`;
    const profile =
      this.#loaded.get(key) ?? (await loadProfile(kind, name.trim(), this.#folder, this.#values));
    this.#loaded.set(key, profile);
    return profile;
  }
}

/** Where a profile is named, with what is wrong with it. */
function problemsAt(path: string, profile: LoadedProfile | undefined): string[] {
  return (profile?.problems ?? []).map((problem) => `${path}: ${problem}`);
}

function fail(label: string, problems: readonly string[], written: ConfigDocument): never {
  const unread = unreadKeys(written);
  const further = unread.length === 0 ? [] : [`without effect: ${unread.join(", ")}`];
  throw new ConfigError(`${label}: ${[...new Set([...problems, ...further])].join("; ")}`);
}

function weakenedIn(loaded: Omit<LoadedConfig, "warnings">): string[] {
  const { layers, config, document, bankProfiles } = loaded;
  const compliance = layers.find(({ from }) => from === "compliance profile")?.document;
  if (compliance === undefined) return [];
  const demands = demandsOf(compliance);
  return [
    ...weakenedSettings(demands, config),
    ...[...loaded.bankConfigs].flatMap((bank) =>
      weakenedByBank(demands, document, bankProfiles, bank),
    ),
  ];
}

/** Banks of one document may be many, and a line of a log is read by people. */
const maxListed = 50;

function listed(paths: readonly string[]): string {
  const rest = paths.length - maxListed;
  return [...paths.slice(0, maxListed), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}

function report({ warnings, config }: LoadedConfig, unset: Substituted["unset"], logger: Logger) {
  for (const { path, variable } of unset) {
    logger.warn("astrocyte.config.unset_environment_variable", { path, variable });
  }
  logIgnored(warnings.ignored, logger);
  if (warnings.weakened.length === 0) return;
  logger.warn("astrocyte.config.weakened_compliance_profile", {
    profile: config.compliance_profile ?? "",
    keys: listed(warnings.weakened),
  });
}

/** A document that is right field by field, with its banks. */
interface Merged {
  readonly layers: readonly ConfigLayer[];
  readonly document: ConfigDocument;
  readonly bankProfiles: ReadonlyMap<string, ConfigDocument>;
  readonly problems: readonly string[];
  /** What banks' profiles say and what works globally only. */
  readonly leftOut: readonly string[];
}

/** Sections that decide who may do what; a bank whose profile has one is not left to the global one. */
const accessSections = ["access_control", "access_grants", "agents", "identity"];

async function mergeLayers(
  written: ConfigDocument,
  profiles: ProfileReader,
  environment: Environment,
): Promise<Merged> {
  const problems: string[] = [];
  const layers: ConfigLayer[] = [];
  for (const kind of ["compliance_profile", "profile"] as const) {
    const profile = await profiles.read(kind, written[kind]);
    problems.push(...problemsAt(kind, profile));
    if (profile?.document !== undefined) {
      layers.push({ from: profileLayers[kind], document: profile.document });
    }
  }
  layers.push({ from: "file", document: written });
  const merged = layers.reduce<ConfigDocument>(
    (base, { document }) => mergeDocuments(base, document),
    {},
  );
  const fromEnvironment = environmentLayer(merged, environment);
  layers.push({ from: "environment", document: fromEnvironment });
  const document = mergeDocuments(merged, fromEnvironment);
  const bankProfiles = new Map<string, ConfigDocument>();
  const leftOut: string[] = [];
  for (const bankId of bankIdsOf(document)) {
    const name = bankProfileName(bankSettings(document, bankId));
    if (name === undefined) continue;
    const profile = await profiles.read("profile", name);
    problems.push(...problemsAt(`banks.${bankId}.profile`, profile));
    if (profile?.document === undefined) continue;
    const own = bankProfileOf(profile.document);
    bankProfiles.set(name, own.document);
    // What a shipped profile says besides is nobody's wish for this bank.
    if (profile.isShipped) continue;
    for (const path of own.leftOut) {
      const place = `banks.${bankId}.profile: ${path}`;
      if (accessSections.includes(path)) {
        problems.push(`${place} holds for all banks only; set it in the document itself`);
      } else leftOut.push(`${place} (works globally only)`);
    }
  }
  return { layers, document, bankProfiles, problems, leftOut };
}

/**
 * Reads a configuration: a path to an `astrocyte.yaml`, or the document itself. Environment references are replaced in a file
 * only. Later layers win: compliance profile, profile, the document, then the settings of a bank.
 *
 * @throws ConfigError for a missing file and bad YAML, else with every problem at once: references that are not set, profiles
 *   that do not exist, protections that this version does not give, values that are wrong. Settings that nothing reads are
 *   named there too; in a configuration that is right they are only reported.
 */
export async function readConfig(
  source: string | ConfigDocument,
  { logger = processLogger, environment = process.env }: ReadConfigOptions = {},
): Promise<LoadedConfig> {
  const isFile = typeof source === "string";
  const label = isFile ? source : "config";
  const folder = isFile ? dirname(resolve(source)) : process.cwd();
  const substituted = await readWritten(source, environment, label);
  const { document: raw, values } = substituted;
  const said = dropNullSections(configSchema, dropStrays(raw).document);
  const written = withRoutingPath(hideDocumentSecrets(said), folder);
  const profiles = new ProfileReader(folder, values);
  const { layers, document, bankProfiles, problems, leftOut } = await mergeLayers(
    written,
    profiles,
    environment,
  );
  const examined = examineDocument(document, values);
  const { config } = examined;
  const all = [...substituted.problems, ...problems, ...examined.problems];
  if (config === undefined || all.length > 0) return fail(label, all, raw);
  const loaded = {
    label,
    layers,
    document,
    bankProfiles,
    config,
    bankConfigs: bankConfigsOf(document, config, bankProfiles, label),
    environmentValues: values,
  };
  const complete: LoadedConfig = {
    ...loaded,
    warnings: {
      ignored: [...ignoredSettings(raw, config, profiles.all), ...leftOut],
      weakened: weakenedIn(loaded),
      unset: substituted.unset.map(({ path, variable }) => `${path}: \${${variable}}`),
    },
  };
  report(complete, substituted.unset, logger);
  return complete;
}
