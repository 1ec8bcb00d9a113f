import { isRecord } from "../../../dto/is-record.js";
import { mergeTags } from "./merge.js";

/** Rules come from configuration files, where `1.5` without quotes is a number. */
function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/**
 * The tags of the rules whose `contains` (or `match`) stands in the content, case-sensitive. A single tag may be written
 * without a list; what is no rule is passed over.
 */
export function applyTagRules(
  content: string,
  rules: readonly unknown[] | undefined,
): string[] | undefined {
  const tags: string[] = [];
  for (const rule of rules ?? []) {
    if (!isRecord(rule)) continue;
    const needle = textOf(rule["contains"]) || textOf(rule["match"]);
    if (needle === "" || !content.includes(needle)) continue;
    const given: readonly unknown[] = Array.isArray(rule["tags"]) ? rule["tags"] : [rule["tags"]];
    for (const tag of given) tags.push(textOf(tag));
  }
  return mergeTags(tags, undefined);
}
