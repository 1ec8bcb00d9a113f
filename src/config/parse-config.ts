import type * as z from "zod";
import { ConfigError } from "../errors.js";
import { bankProfileName, bankSettings, resolveBankDocument } from "./bank-document.js";
import { crossFieldProblems } from "./cross-field-problems.js";
import { describeIssue, describeProblems } from "./describe-issue.js";
import { isPlainMap, rewriteTexts, valueAt, type ConfigDocument } from "./document.js";
import { dropStrays } from "./drop-strays.js";
import type { EnvironmentValues } from "./environment-values.js";
import { entrySchema, fitDocument } from "./fit-document.js";
import { hideDocumentSecrets } from "./hide-secrets.js";
import { refusedProtections } from "./protections.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";

function tryParse(document: ConfigDocument) {
  const fitted = fitDocument(configSchema, dropStrays(document).document);
  return configSchema.safeParse(fitted, { error: describeIssue });
}

/** Sections that can only be judged together with another. */
const needs: Readonly<Record<string, string>> = { banks: "agents", extraction_profiles: "sources" };

/** Maps by id of which one wrong entry says nothing about the others. */
const mapsById = ["agents", "banks", "extraction_profiles", "sources"];

/** Of these, other sections ask whether an entry is there. */
const declarations = ["banks", "extraction_profiles"];

/** A document without what is wrong in it; a bank with a wrong setting stays declared, with nothing of its own. */
function withoutWrong(document: ConfigDocument, error: z.ZodError): ConfigDocument {
  const rest: Record<string, unknown> = { ...document };
  const wrong = new Set<string>();
  for (const { path } of error.issues) {
    const [section = "", id] = path.map(String);
    const entries = rest[section];
    if (id === undefined || !mapsById.includes(section) || !isPlainMap(entries)) {
      wrong.add(section);
      continue;
    }
    const { [id]: _wrong, ...others } = entries;
    const isDeclared = path.length > 2 && declarations.includes(section);
    rest[section] = isDeclared ? { ...others, [id]: {} } : others;
  }
  for (const section of wrong) wrong.add(needs[section] ?? section);
  return Object.fromEntries(Object.entries(rest).filter(([section]) => !wrong.has(section)));
}

/** What can still be said of what is right, so that one wrong value hides nothing else. */
function furtherProblems(
  document: ConfigDocument,
  error: z.ZodError,
  values: EnvironmentValues | undefined,
): string[] {
  const parsed = tryParse(withoutWrong(document, error));
  return parsed.success ? crossFieldProblems(parsed.data, values) : [];
}

/** What is wrong with the fields of a document one by one. */
export function fieldProblems(document: ConfigDocument): string[] {
  const parsed = tryParse(document);
  return parsed.success ? [] : describeProblems(parsed.error);
}

/** A document that was read into values, or what kept it from that. */
export interface Examined {
  /** Undefined when a value is wrong. */
  readonly config: AstrocyteConfig | undefined;
  readonly problems: readonly string[];
}

/** @param document - With its secrets hidden. */
export function examineDocument(document: ConfigDocument, values?: EnvironmentValues): Examined {
  const refused = refusedProtections(document).map(
    (path) =>
      `${path}: this version does not enforce it; remove the setting, or it would protect nothing`,
  );
  const parsed = tryParse(document);
  if (parsed.success) {
    const problems = [...refused, ...crossFieldProblems(parsed.data, values)];
    return { config: parsed.data, problems };
  }
  const wrong = describeProblems(parsed.error);
  const further = furtherProblems(document, parsed.error, values);
  return { config: undefined, problems: [...refused, ...wrong, ...further] };
}

/** Copied, so that a document that holds itself is an error and not a stack that is too deep. */
function prepare(document: ConfigDocument, label: string): ConfigDocument {
  return hideDocumentSecrets(rewriteTexts(document, label));
}

/**
 * @param label - What the document is, for the message.
 * @throws ConfigError for protections that this version does not give, and for values that are wrong: every problem of the
 *   document at once, each with its path, the kind of the value and what is allowed.
 */
export function parseConfig(document: ConfigDocument, label: string): AstrocyteConfig {
  const { config, problems } = examineDocument(prepare(document, label));
  if (config !== undefined && problems.length === 0) return config;
  throw new ConfigError(`${label}: ${problems.join("; ")}`);
}

/** Bank ids under `banks`, of entries that are maps or empty. */
export function bankIdsOf(document: ConfigDocument): string[] {
  const banks = valueAt(document, "banks");
  if (!isPlainMap(banks)) return [];
  return Object.keys(banks).filter((bankId) => isPlainMap(banks[bankId]) || banks[bankId] === null);
}

/** Of sections, those that differ from the global ones, since the bank or its profile says something about them. */
function sectionsOf(
  document: ConfigDocument,
  bankId: string,
  profiles: ReadonlyMap<string, ConfigDocument>,
): ConfigDocument {
  const bank = bankSettings(document, bankId);
  const profile = profiles.get(bankProfileName(bank) ?? "") ?? {};
  const resolved = resolveBankDocument(document, bankId, profiles);
  const keys = new Set([...Object.keys(profile), ...Object.keys(bank)]);
  const own = Object.entries(resolved).filter(([key, value]) => keys.has(key) && value !== null);
  return Object.fromEntries(own);
}

/**
 * The configuration that holds for each bank that a document names, given the global one. A bank's profile may concern any
 * section; what neither it nor the bank names is not parsed again.
 *
 * @throws ConfigError when a bank's profile is not among them.
 */
export function bankConfigsOf(
  document: ConfigDocument,
  config: AstrocyteConfig,
  profiles: ReadonlyMap<string, ConfigDocument>,
  label: string,
): Map<string, AstrocyteConfig> {
  const configs = new Map<string, AstrocyteConfig>();
  for (const bankId of bankIdsOf(document)) {
    const own: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(sectionsOf(document, bankId, profiles))) {
      const schema = entrySchema(configSchema, key);
      const parsed = schema?.safeParse(fitDocument(schema, value), { error: describeIssue });
      if (parsed?.success === false) {
        // Each layer was right by itself, so this is a map in place of a text, or the other way round.
        const problems = describeProblems(parsed.error).join("; ");
        throw new ConfigError(`${label}: banks.${bankId}.${key}: ${problems}`);
      }
      if (parsed !== undefined) own[key] = parsed.data;
    }
    configs.set(bankId, { ...config, ...own });
  }
  return configs;
}

/**
 * The whole configuration that holds for each bank that a document names.
 *
 * @param profiles - By name, the profiles of banks.
 * @throws ConfigError with every problem of the document, those of banks as `banks.<id>.<path>`.
 */
export function parseBankConfigs(
  document: ConfigDocument,
  label: string,
  profiles: ReadonlyMap<string, ConfigDocument> = new Map(),
): Map<string, AstrocyteConfig> {
  const prepared = prepare(document, label);
  return bankConfigsOf(prepared, parseConfig(document, label), profiles, label);
}
