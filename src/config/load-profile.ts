import { isAbsolute, resolve } from "node:path";
import { AstrocyteError } from "../errors.js";
import { rewriteTexts, type ConfigDocument } from "./document.js";
import type { EnvironmentValues } from "./environment-values.js";
import { dropNullSections } from "./fit-document.js";
import { hideDocumentSecrets } from "./hide-secrets.js";
import { nearestName } from "./nearest-name.js";
import { fieldProblems } from "./parse-config.js";
import { parseYaml } from "./parse-yaml.js";
import { readBounded } from "./read-bounded.js";
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

/** The names of the profiles that ship with the package. */
export function profileNames(kind: ProfileKind): readonly string[] {
  return packaged[kind].names;
}

/** A profile that was looked for; `document` is absent when it is of no use. */
export interface LoadedProfile {
  readonly kind: ProfileKind;
  /** As a message may have it: in quotes, or not at all. */
  readonly quotedName: string;
  readonly isShipped: boolean;
  /** As it was written. */
  readonly written: ConfigDocument;
  readonly document?: ConfigDocument | undefined;
  readonly problems: readonly string[];
}

function isFile(name: string): boolean {
  return name.startsWith("./") || name.startsWith(".\\") || isAbsolute(name);
}

async function read(place: string | URL): Promise<string | undefined> {
  try {
    return await readBounded(place);
  } catch {
    return undefined;
  }
}

/**
 * A profile that ships with the package, or the host's own, which is a file. Environment references in it stay as written, and
 * profiles that it names itself are not read.
 *
 * @param folder - Where relative files begin.
 */
export async function loadProfile(
  kind: ProfileKind,
  name: string,
  folder: string,
  values: EnvironmentValues,
): Promise<LoadedProfile> {
  const quotedName = values.quote(name);
  const names: readonly string[] = packaged[kind].names;
  // A name is no path: what is not in the list is not looked for.
  const isShipped = !isFile(name) && names.includes(name);
  const base = { kind, quotedName, isShipped, written: {} };
  if (!isFile(name) && !isShipped) {
    const meant = nearestName(name, names);
    const hint = meant === undefined ? "" : `did you mean ${meant}? `;
    const problem = `${titles[kind]} not found: ${quotedName}; ${hint}available: ${names.join(", ")}, or a file that begins with ./`;
    return { ...base, problems: [problem] };
  }
  const place = isShipped
    ? new URL(`${packaged[kind].folder}/${name}.yaml`, import.meta.url)
    : resolve(folder, name);
  const text = await read(place);
  if (text === undefined) {
    const problem = `${titles[kind]} not found: ${quotedName}, a file that cannot be read; relative ones begin in ${folder}`;
    return { ...base, problems: [problem] };
  }
  const label = `${kind} ${quotedName}`;
  try {
    const written = rewriteTexts(parseYaml(text, label), label);
    const { profile: _profile, compliance_profile: _compliance, ...settings } = written;
    const problems = fieldProblems(settings).map((problem) => `${label}: ${problem}`);
    if (problems.length > 0) return { ...base, written: settings, problems };
    const document = hideDocumentSecrets(dropNullSections(configSchema, settings));
    return { ...base, written: settings, document, problems };
  } catch (error) {
    if (!AstrocyteError.isInstance(error)) throw error;
    return { ...base, problems: [error.message] };
  }
}
