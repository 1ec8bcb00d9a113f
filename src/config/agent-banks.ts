import type { EnvironmentValues } from "./environment-values.js";
import type { AstrocyteConfig } from "./schema.js";
import { isShellPattern, matchesShellPattern } from "./shell-pattern.js";

/** A bank that an agent may use, and the entry of the document that says so. */
export interface AgentBank {
  readonly path: string;
  readonly bankId: string;
}

interface AgentBanks {
  readonly banks: readonly AgentBank[];
  readonly problems: readonly string[];
}

/** Patterns of all agents times declared banks; beyond, matching them would hold up the start. */
const maxComparisons = 1_000_000;

/** What is wrong with the agents as a whole. */
function tooManyComparisons({ agents, banks }: AstrocyteConfig): boolean {
  const patterns = Object.values(agents ?? {}).reduce(
    (count, agent) => count + (agent.banks ?? []).filter(isShellPattern).length,
    0,
  );
  return patterns * Object.keys(banks ?? {}).length > maxComparisons;
}

function banksOfAgent(
  { agents }: AstrocyteConfig,
  agentId: string,
  declared: ReadonlySet<string> | undefined,
  values: EnvironmentValues | undefined,
): AgentBanks {
  const agent = agents?.[agentId];
  const key = agent?.banks === agent?.allowed_banks ? "allowed_banks" : "banks";
  const quote = (entry: string) =>
    values?.quote(entry).replace(/^"([^]*)"$/u, "'$1'") ?? `'${entry}'`;
  const banks: AgentBank[] = [];
  const problems: string[] = [];
  for (const [index, entry] of (agent?.banks ?? []).entries()) {
    const path = `agents.${agentId}.${key}[${index}]`;
    const refuse = (reason: string) => problems.push(`agents.${agentId}: ${reason}`);
    if (!isShellPattern(entry)) {
      if (declared?.has(entry) === false) {
        refuse(`bank id ${quote(entry)} is not listed under banks:.`);
      } else banks.push({ path, bankId: entry });
    } else if (declared === undefined) {
      refuse(`bank pattern ${quote(entry)} uses wildcards but no banks: section is declared.`);
    } else {
      const matches = [...declared].filter((bankId) => matchesShellPattern(bankId, entry));
      if (matches.length === 0) {
        refuse(`bank pattern ${quote(entry)} matches no bank under banks:.`);
      }
      for (const bankId of matches) banks.push({ path, bankId });
    }
  }
  return { banks, problems };
}

/**
 * The banks of every agent, by its id: its own list, with patterns expanded over the banks that the document declares.
 *
 * @remarks Spec 03 section 3, `agents`.
 */
export function agentBanks(
  config: AstrocyteConfig,
  values?: EnvironmentValues,
): ReadonlyMap<string, AgentBanks> {
  const ids = Object.keys(config.agents ?? {});
  if (tooManyComparisons(config)) {
    const problem = `agents: the patterns of all agents times the banks come to more than ${maxComparisons}; name banks in full`;
    return new Map(ids.slice(0, 1).map((id) => [id, { banks: [], problems: [problem] }]));
  }
  const declared =
    config.banks === undefined ? undefined : new Set(Object.keys(config.banks).toSorted());
  return new Map(ids.map((id) => [id, banksOfAgent(config, id, declared, values)]));
}
