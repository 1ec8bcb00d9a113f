import type { Metadata } from "../../../dto/metadata.js";
import { trim, trimEnd } from "../../../internal/whitespace.js";
import {
  authorityTierKey,
  type AuthorityOptions,
  type AuthorityTier,
} from "./authority-options.js";

interface AuthorityHit {
  readonly text: string;
  readonly metadata?: Metadata | undefined;
}

const lineBreak = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;

function tierOf({ metadata }: AuthorityHit): string {
  const tier = metadata?.[authorityTierKey];
  return tier === undefined || tier === null ? "" : trim(String(tier));
}

/** One entry; its further lines are indented, so that text cannot pose as a tier's heading or as another entry. */
function entry({ text }: AuthorityHit): string {
  return `- ${trim(text).replace(lineBreak, "\n  ")}`;
}

function block(heading: string, hits: readonly AuthorityHit[]): string {
  const entries = hits.length === 0 ? ["(no hits in this tier)"] : hits.map(entry);
  return [heading, ...entries].join("\n");
}

function headingOf({ id, label = "" }: AuthorityTier): string {
  return trim(label) === "" ? `[${id}]` : label;
}

function compareTiers(a: AuthorityTier, b: AuthorityTier): number {
  return (a.priority ?? 1) - (b.priority ?? 1) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * The hits as a model should weigh them: the rules, then the tiers in order of priority and id, each with its hits in their
 * order, and at last those of no known tier. Without tiers it is the rules alone, and without rules either there is none.
 *
 * @remarks Contract 05 section 12.
 */
export function authorityContext(
  hits: readonly AuthorityHit[],
  { rules = "", tiers = [] }: AuthorityOptions,
): string | undefined {
  const ruleText = trim(rules);
  if (tiers.length === 0) return ruleText === "" ? undefined : ruleText;
  const hitsOf = (wanted: string) => hits.filter((hit) => tierOf(hit) === wanted);
  const known = new Set(tiers.map(({ id }) => id));
  const unassigned = hits.filter((hit) => !known.has(tierOf(hit)));
  const blocks = [
    ...(ruleText === "" ? [] : [ruleText, "---"]),
    ...tiers.toSorted(compareTiers).map((tier) => block(headingOf(tier), hitsOf(tier.id))),
    ...(unassigned.length === 0 ? [] : [block("[UNASSIGNED]", unassigned)]),
  ];
  return `${trimEnd(blocks.join("\n\n"))}\n`;
}
