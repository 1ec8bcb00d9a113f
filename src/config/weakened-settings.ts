import { isPlainMap, valueAt, type ConfigDocument } from "./document.js";
import type { AstrocyteConfig } from "./schema.js";

type IsWeaker = (value: unknown, demanded: unknown) => boolean;

/** From the weakest to the strongest. */
const byRank =
  (...ranks: readonly string[]): IsWeaker =>
  (value, demanded) =>
    ranks.indexOf(String(value)) < ranks.indexOf(String(demanded));
const switchedOff: IsWeaker = (value, demanded) => demanded === true && value !== true;
const longer: IsWeaker = (value, demanded) => Number(value) > Number(demanded);

const piiActions = byRank("warn", "redact", "reject");

/** Settings with a stronger and a weaker side. */
const comparisons: Readonly<Record<string, IsWeaker>> = {
  "barriers.pii.mode": byRank("disabled", "regex", "ner", "llm", "rules_then_llm"),
  "barriers.pii.action": piiActions,
  "access_control.enabled": switchedOff,
  "access_control.default_policy": byRank("open", "owner_only", "deny"),
  "dlp.scan_recall_output": switchedOff,
  "dlp.scan_reflect_output": switchedOff,
  "dlp.output_pii_action": piiActions,
  "lifecycle.enabled": switchedOff,
  "lifecycle.ttl.archive_after_days": longer,
  "lifecycle.ttl.delete_after_days": longer,
};

/** Types of personal data for which less is done than for the others. */
function weakenedTypes(config: AstrocyteConfig, demanded: unknown): string[] {
  if (demanded === undefined) return [];
  return Object.entries(config.barriers.pii.type_overrides)
    .filter(([, { action }]) => action !== undefined && piiActions(action, demanded))
    .map(([type]) => `barriers.pii.type_overrides.${type}.action`);
}

/**
 * Dotted paths at which a configuration protects less than its compliance profile demands.
 *
 * @param compliance - The profile, as it is written.
 */
export function weakenedSettings(compliance: ConfigDocument, config: AstrocyteConfig): string[] {
  const weakened = Object.entries(comparisons)
    .filter(([path, isWeaker]) => {
      const demanded = valueAt(compliance, path);
      return (
        demanded !== undefined && !isPlainMap(demanded) && isWeaker(valueAt(config, path), demanded)
      );
    })
    .map(([path]) => path);
  return [...weakened, ...weakenedTypes(config, valueAt(compliance, "barriers.pii.action"))];
}
