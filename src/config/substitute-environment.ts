import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { Logger } from "../logger.js";
import { mapStrings, type ConfigDocument } from "./document.js";
import { isSensitivePath } from "./sensitive-path.js";

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${NAME}` in text values by the environment's value, which may be empty; no defaults, no nesting.
 *
 * @throws ConfigError that lists the paths of unset references where a secret belongs; others are reported and stay as written.
 */
export function substituteEnvironment(
  document: ConfigDocument,
  environment: Environment,
  logger: Logger,
  label: string,
): ConfigDocument {
  const missing: string[] = [];
  const substituted = mapStrings(document, (text, path) =>
    text.replaceAll(reference, (written, name: string) => {
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (value !== undefined) return value;
      if (isSensitivePath(path)) missing.push(`${path}: ${written}`);
      else logger.warn("astrocyte.config.unset_environment_variable", { path, variable: name });
      return written;
    }),
  );
  if (missing.length > 0) {
    throw new ConfigError(
      `${label}: Unresolved environment variables in sensitive config fields: ${missing.join(", ")}`,
    );
  }
  return isRecord(substituted) ? substituted : {};
}
