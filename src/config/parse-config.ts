import type * as z from "zod";
import { ConfigError } from "../errors.js";
import { bankSettings, resolveBankDocument } from "./bank-document.js";
import { crossFieldProblems } from "./cross-field-problems.js";
import { describeIssue, describeProblems } from "./describe-issue.js";
import { isPlainMap, valueAt, type ConfigDocument } from "./document.js";
import { dropStrays } from "./drop-strays.js";
import { fitDocument } from "./fit-document.js";
import { unsupportedProtections } from "./protections.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";

function refusalOf(document: ConfigDocument): string[] {
  const refused = unsupportedProtections(document);
  return refused.length === 0
    ? []
    : [
        `this version does not enforce ${refused.join(", ")}, so remove the setting, or it would protect nothing`,
      ];
}

function tryParse(document: ConfigDocument) {
  const fitted = fitDocument(configSchema, dropStrays(document).document);
  return configSchema.safeParse(fitted, { error: describeIssue });
}

/** Sections that can only be judged together with another. */
const needs: Readonly<Record<string, string>> = { banks: "agents", extraction_profiles: "sources" };

/** What can still be said of the sections that are right, so that one wrong value hides nothing else. */
function furtherProblems(document: ConfigDocument, error: z.ZodError): string[] {
  const wrong = new Set(error.issues.map(({ path }) => String(path[0])));
  for (const section of wrong) wrong.add(needs[section] ?? section);
  const rest = Object.entries(document).filter(([section]) => !wrong.has(section));
  const parsed = tryParse(Object.fromEntries(rest));
  return parsed.success ? crossFieldProblems(parsed.data) : [];
}

/** What is wrong with the fields of a document one by one. */
export function fieldProblems(document: ConfigDocument): string[] {
  const parsed = tryParse(document);
  return parsed.success ? [] : describeProblems(parsed.error);
}

/**
 * @param label - What the document is, for the message.
 * @throws ConfigError for protections that this version does not give, and for values that are wrong: every problem of the
 *   document at once, each with its path, the kind of the value and what is allowed.
 */
export function parseConfig(document: ConfigDocument, label: string): AstrocyteConfig {
  const refusal = refusalOf(document);
  const parsed = tryParse(document);
  const problems = parsed.success
    ? crossFieldProblems(parsed.data)
    : [...describeProblems(parsed.error), ...furtherProblems(document, parsed.error)];
  if (parsed.success && refusal.length + problems.length === 0) return parsed.data;
  throw new ConfigError(`${label}: ${[...refusal, ...problems].join("; ")}`);
}

/** Bank ids under `banks`, of entries that are maps. */
export function bankIdsOf(document: ConfigDocument): string[] {
  const banks = valueAt(document, "banks");
  return isPlainMap(banks) ? Object.keys(banks).filter((bankId) => isPlainMap(banks[bankId])) : [];
}

/**
 * The whole configuration that holds for each bank that a document names.
 *
 * @param profiles - By name, the profiles of banks.
 * @throws ConfigError with every problem of every bank, as `banks.<id>.<path>`.
 */
export function parseBankConfigs(
  document: ConfigDocument,
  label: string,
  profiles: ReadonlyMap<string, ConfigDocument> = new Map(),
): Map<string, AstrocyteConfig> {
  const configs = new Map<string, AstrocyteConfig>();
  const problems: string[] = [];
  for (const bankId of bankIdsOf(document)) {
    const parsed = tryParse(resolveBankDocument(document, bankId, profiles));
    if (parsed.success) configs.set(bankId, parsed.data);
    else {
      const own = describeProblems(parsed.error).filter((problem) =>
        Object.hasOwn(bankSettings(document, bankId), problem.split(/[.:]/)[0] ?? ""),
      );
      problems.push(...own.map((problem) => `banks.${bankId}.${problem}`));
    }
  }
  if (problems.length > 0) throw new ConfigError(`${label}: ${problems.join("; ")}`);
  return configs;
}
