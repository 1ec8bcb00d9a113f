import type { AstrocyteConfig } from "./schema.js";
import { isShellPattern, matchesShellPattern } from "./shell-pattern.js";

interface AgentBanks {
  readonly bankIds: readonly string[];
  readonly problems: readonly string[];
}

/**
 * The banks of an agent: its own list, with patterns expanded over the banks that the document declares.
 *
 * @remarks Spec 03 section 3, `agents`.
 */
export function agentBanks({ agents, banks }: AstrocyteConfig, agentId: string): AgentBanks {
  const declared = banks === undefined ? undefined : new Set(Object.keys(banks).toSorted());
  const bankIds: string[] = [];
  const problems: string[] = [];
  for (const entry of agents?.[agentId]?.banks ?? []) {
    if (!isShellPattern(entry)) {
      if (declared?.has(entry) === false) {
        problems.push(`agents.${agentId}: bank id '${entry}' is not listed under banks:.`);
      } else bankIds.push(entry);
    } else if (declared === undefined) {
      problems.push(
        `agents.${agentId}: bank pattern '${entry}' uses wildcards but no banks: section is declared.`,
      );
    } else {
      const matches = [...declared].filter((bankId) => matchesShellPattern(bankId, entry));
      if (matches.length === 0) {
        problems.push(`agents.${agentId}: bank pattern '${entry}' matches no bank under banks:.`);
      }
      bankIds.push(...matches);
    }
  }
  return { bankIds, problems };
}
