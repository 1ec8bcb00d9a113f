import type { Logger } from "../logger.js";
import type { ConfigDocument } from "./document.js";
import { readConfig } from "./read-config.js";
import type { Environment } from "./substitute-environment.js";

export { parseConfig } from "./parse-config.js";

export interface LoadConfigOptions {
  readonly logger: Logger;
  /** Where `${NAME}` of a file comes from. @defaultValue the process environment */
  readonly environment?: Environment | undefined;
}

/**
 * The document of {@link readConfig}, with its profiles under it.
 *
 * @throws ConfigError as {@link readConfig} does.
 */
export async function loadConfig(
  source: string | ConfigDocument,
  options: LoadConfigOptions,
): Promise<ConfigDocument> {
  return (await readConfig(source, options)).document;
}
