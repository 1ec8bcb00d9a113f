import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isRecord } from "../dto/is-record.js";
import { formatIssues } from "../dto/parse.js";
import { ConfigError } from "../errors.js";
import type { Logger } from "../logger.js";
import { fitDocument } from "./fit-document.js";
import { mapStrings, mergeDocuments, type ConfigDocument } from "./document.js";
import { loadProfile } from "./load-profile.js";
import { parseYaml } from "./parse-yaml.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";
import { substituteEnvironment, type Environment } from "./substitute-environment.js";
import { describeUnreadKey, unreadKeys, unsupportedProtections } from "./unsupported-keys.js";

export interface LoadConfigOptions {
  readonly logger: Logger;
  /** Where `${NAME}` of a file comes from. @defaultValue the process environment */
  readonly environment?: Environment | undefined;
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

/** Null sections mean "nothing said"; the profile lies under the document. */
async function withProfile(document: ConfigDocument): Promise<ConfigDocument> {
  const said = Object.fromEntries(
    Object.entries(document).filter(([, value]) => value !== null && value !== undefined),
  );
  const { profile } = said;
  return typeof profile === "string" ? mergeDocuments(await loadProfile(profile), said) : said;
}

/**
 * @throws ConfigError for a protection that this version does not give, and for values of the wrong kind; every problem of the
 *   document at once, with its path.
 */
export function parseConfig(document: ConfigDocument, label: string): AstrocyteConfig {
  const refused = unsupportedProtections(document);
  if (refused.length > 0) {
    throw new ConfigError(
      `${label}: this version does not enforce ${refused.join(", ")}; remove the setting, or it would protect nothing`,
    );
  }
  const parsed = configSchema.safeParse(fitDocument(configSchema, document));
  if (parsed.success) return parsed.data;
  throw new ConfigError(`${label}: ${formatIssues(parsed.error)}`, { cause: parsed.error });
}

/**
 * Reads the configuration: a path to an `astrocyte.yaml`, or the document itself. Environment references are replaced in a
 * file only.
 *
 * @returns The document with its profile under it, as {@link parseConfig} takes it.
 * @throws ConfigError for a missing file, bad YAML, or an unknown profile.
 */
export async function loadConfig(
  source: string | ConfigDocument,
  { logger, environment = process.env }: LoadConfigOptions,
): Promise<ConfigDocument> {
  const isFile = typeof source === "string";
  const label = isFile ? source : "config";
  const written = isFile
    ? substituteEnvironment(parseYaml(await readConfigFile(source), source), environment, logger)
    : mapStrings(source, (text) => text);
  if (!isRecord(written)) throw new ConfigError(`${label}: the document must be a map of settings`);
  const document = await withProfile(written);
  const ignored = unreadKeys(written);
  if (ignored.length > 0) {
    const keys = ignored.map(describeUnreadKey).join(", ");
    logger.warn("astrocyte.config.ignored_settings", { keys });
  }
  return document;
}
