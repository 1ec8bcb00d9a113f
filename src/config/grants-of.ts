import type { AccessGrant } from "../dto/identity.js";
import { agentBanks } from "./agent-banks.js";
import type { AstrocyteConfig } from "./schema.js";

function* allGrants(config: AstrocyteConfig): Generator<AccessGrant> {
  for (const { bank_id: bankId, principal, permissions } of config.access_grants) {
    yield { bankId, principal, permissions };
  }
  for (const [bankId, { access = [] }] of Object.entries(config.banks ?? {})) {
    for (const { principal, permissions } of access) yield { bankId, principal, permissions };
  }
  for (const [agentId, agent] of Object.entries(config.agents ?? {})) {
    const { principal = `agent:${agentId}`, permissions = ["read", "write"] } = agent;
    // An empty list is a statement: this agent may do nothing.
    if (permissions.length === 0) continue;
    for (const bankId of agentBanks(config, agentId).bankIds) {
      yield { bankId, principal, permissions };
    }
  }
}

/**
 * Every grant of a configuration: `access_grants`, then those of `banks`, then those of `agents`. Of grants that say the same,
 * the first is kept.
 *
 * @remarks Spec 03 section 4.
 */
export function grantsOf(config: AstrocyteConfig): AccessGrant[] {
  const grants = new Map<string, AccessGrant>();
  for (const grant of allGrants(config)) {
    const key = JSON.stringify([grant.bankId, grant.principal, grant.permissions.toSorted()]);
    if (!grants.has(key)) grants.set(key, grant);
  }
  return [...grants.values()];
}
