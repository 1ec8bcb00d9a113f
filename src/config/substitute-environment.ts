import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { Logger } from "../logger.js";
import { mapStrings, type ConfigDocument } from "./document.js";

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A path with one of these in it must not keep an unresolved reference. */
const sensitiveParts = [
  "api_key",
  "password",
  "token",
  "secret",
  "dsn",
  "connection_string",
  "credentials",
  "auth",
  "jwks_url",
  "jwks_uri",
  "issuer",
  "audience",
];

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
): ConfigDocument {
  const missing: string[] = [];
  const substituted = mapStrings(document, (text, path) =>
    text.replaceAll(reference, (written, name: string) => {
      const value = environment[name];
      if (value !== undefined) return value;
      if (sensitiveParts.some((part) => path.toLowerCase().includes(part))) {
        missing.push(`${path} (${name})`);
      } else {
        logger.warn("astrocyte.config.unset_environment_variable", { path, variable: name });
      }
      return written;
    }),
  );
  if (missing.length > 0) {
    throw new ConfigError(`Environment variables are not set: ${missing.join(", ")}`);
  }
  return isRecord(substituted) ? substituted : {};
}
