import { agentBanks } from "./agent-banks.js";
import type { EnvironmentValues } from "./environment-values.js";
import type { AstrocyteConfig } from "./schema.js";
import { sourceProblems } from "./source-problems.js";

function authorityProblems({ recall_authority: authority }: AstrocyteConfig): string[] {
  if (!authority.enabled) return [];
  const ids = authority.tiers.map(({ id }) => id);
  const problems: string[] = [];
  if (ids.includes("")) problems.push("recall_authority.tiers: each tier must have a non-empty id");
  if (new Set(ids).size < ids.length) problems.push("recall_authority.tiers: duplicate id");
  return problems;
}

/** What is wrong with a configuration whose fields are right one by one. @remarks Spec 03 section 5. */
export function crossFieldProblems(config: AstrocyteConfig, values?: EnvironmentValues): string[] {
  const profiles = Object.keys(config.extraction_profiles ?? {});
  return [
    ...Object.entries(config.sources ?? {}).flatMap(([id, source]) =>
      sourceProblems(id, source, profiles),
    ),
    ...[...agentBanks(config, values).values()].flatMap(({ problems }) => problems),
    ...authorityProblems(config),
  ];
}
