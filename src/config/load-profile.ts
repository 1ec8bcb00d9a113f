import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { ConfigError } from "../errors.js";
import { mapStrings, type ConfigDocument } from "./document.js";
import { dropNullSections } from "./fit-document.js";
import { hideDocumentSecrets } from "./hide-secrets.js";
import { fieldProblems } from "./parse-config.js";
import { parseYaml } from "./parse-yaml.js";
import { configSchema } from "./schema.js";

const packaged = {
  profile: {
    folder: "./profiles",
    names: ["minimal", "support", "coding", "personal", "research"],
  },
  compliance_profile: { folder: "./profiles/compliance", names: ["gdpr", "hipaa", "pdpa"] },
} as const;

export type ProfileKind = keyof typeof packaged;

const titles: Readonly<Record<ProfileKind, string>> = {
  profile: "Profile",
  compliance_profile: "Compliance profile",
};

async function read(file: string | URL, notFound: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ConfigError(notFound, { cause: error });
  }
}

function isFile(name: string): boolean {
  return name.startsWith("./") || name.startsWith(".\\") || isAbsolute(name);
}

async function readProfile(kind: ProfileKind, name: string, folder: string): Promise<string> {
  const { folder: shipped, names } = packaged[kind];
  if (isFile(name)) {
    const file = resolve(folder, name);
    return read(file, `${titles[kind]} not found: ${file}`);
  }
  // A name is no path: what is not in the list is not looked for.
  const known: readonly string[] = names;
  const notFound = `${titles[kind]} not found: "${name}"; available: ${names.join(", ")}, or a file that begins with ./`;
  if (!known.includes(name)) throw new ConfigError(notFound);
  return read(new URL(`${shipped}/${name}.yaml`, import.meta.url), notFound);
}

/**
 * A profile that ships with the package, or the host's own, which is a file. Environment references in it stay as written, and
 * profiles that it names itself are not read.
 *
 * @param folder - Where relative files begin.
 * @throws ConfigError when there is no such profile, or what it says is wrong.
 */
export async function loadProfile(
  kind: ProfileKind,
  name: string,
  folder: string,
): Promise<ConfigDocument> {
  const label = `${kind} "${name}"`;
  const written = parseYaml(await readProfile(kind, name, folder), label);
  mapStrings(written, (text) => text);
  const { profile: _profile, compliance_profile: _compliance, ...settings } = written;
  const problems = fieldProblems(settings);
  if (problems.length > 0) throw new ConfigError(`${label}: ${problems.join("; ")}`);
  return hideDocumentSecrets(dropNullSections(configSchema, settings));
}
