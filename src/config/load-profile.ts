import { readFile } from "node:fs/promises";
import { ConfigError } from "../errors.js";
import type { ConfigDocument } from "./document.js";
import { parseYaml } from "./parse-yaml.js";

const packaged: readonly string[] = ["minimal"];

/**
 * A behaviour profile that ships with the package.
 *
 * @throws ConfigError for any other name.
 */
export async function loadProfile(name: string): Promise<ConfigDocument> {
  if (!packaged.includes(name)) {
    throw new ConfigError(`Profile not found: "${name}"; available: ${packaged.join(", ")}`);
  }
  const file = new URL(`./profiles/${name}.yaml`, import.meta.url);
  return parseYaml(await readFile(file, "utf8"), `profile "${name}"`);
}
