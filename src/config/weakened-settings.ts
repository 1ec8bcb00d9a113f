import { isDeepStrictEqual } from "node:util";
import { bankProfileName, bankSettings } from "./bank-document.js";
import { isPlainMap, valueAt, type ConfigDocument } from "./document.js";
import { fitDocument } from "./fit-document.js";
import { revealSecrets } from "./hide-secrets.js";
import { configSchema, type AstrocyteConfig } from "./schema.js";

type IsStronger = (value: unknown, demanded: unknown) => boolean;

/** From the weakest to the strongest. */
const byRank =
  (...ranks: readonly string[]): IsStronger =>
  (value, demanded) =>
    ranks.indexOf(String(value)) > ranks.indexOf(String(demanded));
const switchedOn: IsStronger = (value, demanded) => value === true && demanded === false;
const shorter: IsStronger = (value, demanded) => Number(value) < Number(demanded);

const piiActions = byRank("warn", "redact", "reject");

/** Settings of which it is known that a change may protect more. */
const comparisons: Readonly<Record<string, IsStronger>> = {
  "barriers.pii.mode": byRank("disabled", "regex", "ner", "llm", "rules_then_llm"),
  "barriers.pii.action": piiActions,
  "access_control.enabled": switchedOn,
  "access_control.default_policy": byRank("open", "owner_only", "deny"),
  "dlp.scan_recall_output": switchedOn,
  "dlp.scan_reflect_output": switchedOn,
  "dlp.output_pii_action": piiActions,
  "lifecycle.enabled": switchedOn,
  "lifecycle.ttl.archive_after_days": shorter,
  "lifecycle.ttl.delete_after_days": shorter,
};

function leavesOf(value: unknown, path = ""): (readonly [path: string, value: unknown])[] {
  if (!isPlainMap(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, path === "" ? key : `${path}.${key}`),
  );
}

/** Types of personal data for which less is done than for the others. */
function weakenedTypes(config: AstrocyteConfig, demanded: unknown): string[] {
  if (demanded === undefined) return [];
  return Object.entries(config.barriers.pii.type_overrides)
    .filter(([, { action }]) => action !== undefined && piiActions(demanded, action))
    .map(([type]) => `barriers.pii.type_overrides.${type}.action`);
}

/** What a compliance profile demands, by dotted path. */
export type Demands = ReadonlyMap<string, unknown>;

export function demandsOf(compliance: ConfigDocument): Demands {
  const fitted = fitDocument(configSchema, revealSecrets(compliance));
  return new Map(leavesOf(fitted).filter(([, value]) => value !== null && value !== undefined));
}

/**
 * Dotted paths at which a configuration is not what its compliance profile demands, unless it is known to protect more.
 */
export function weakenedSettings(demands: Demands, config: AstrocyteConfig): string[] {
  const changed = [...demands].filter(([path, demanded]) => {
    const { value } = revealSecrets({ value: valueAt(config, path) });
    return !isDeepStrictEqual(value, demanded) && comparisons[path]?.(value, demanded) !== true;
  });
  return [
    ...changed.map(([path]) => path),
    ...weakenedTypes(config, demands.get("barriers.pii.action")),
  ];
}

/** Whether a document has something to say at or below the sections of a path. */
function concerns(document: ConfigDocument, path: string): boolean {
  const keys = path.split(".");
  return keys.some((_, index) => {
    const value = valueAt(document, keys.slice(0, index + 1).join("."));
    return value !== undefined && !isPlainMap(value);
  });
}

/**
 * The same for a bank: what the bank or its profile changes, also where the configuration is weakened for all banks.
 *
 * @returns Paths as `banks.<id>.<path>`.
 */
export function weakenedByBank(
  demands: Demands,
  document: ConfigDocument,
  profiles: ReadonlyMap<string, ConfigDocument>,
  [bankId, config]: readonly [string, AstrocyteConfig],
): string[] {
  const bank = bankSettings(document, bankId);
  const layers = [bank, profiles.get(bankProfileName(bank) ?? "") ?? {}];
  if (!layers.some((layer) => Object.values(layer).some(isPlainMap))) return [];
  return weakenedSettings(demands, config)
    .filter((path) => layers.some((layer) => concerns(layer, path)))
    .map((path) => `banks.${bankId}.${path}`);
}
