import type { AccessGrant } from "../dto/identity.js";
import { agentBanks } from "./agent-banks.js";
import type { AstrocyteConfig } from "./schema.js";

/** A grant, and the entry of the document that gives it. */
export interface WrittenGrant {
  readonly path: string;
  readonly grant: AccessGrant;
}

function* allGrants(config: AstrocyteConfig): Generator<WrittenGrant> {
  for (const [index, row] of config.access_grants.entries()) {
    const { bank_id: bankId, principal, permissions } = row;
    yield { path: `access_grants[${index}]`, grant: { bankId, principal, permissions } };
  }
  for (const [bankId, { access = [] }] of Object.entries(config.banks ?? {})) {
    for (const [index, { principal, permissions }] of access.entries()) {
      const path = `banks.${bankId}.access[${index}]`;
      yield { path, grant: { bankId, principal, permissions } };
    }
  }
  const banksByAgent = agentBanks(config);
  for (const [agentId, agent] of Object.entries(config.agents ?? {})) {
    const { principal = `agent:${agentId}`, permissions = ["read", "write"] } = agent;
    // An empty list is a statement: this agent may do nothing.
    if (permissions.length === 0) continue;
    for (const { path, bankId } of banksByAgent.get(agentId)?.banks ?? []) {
      yield { path, grant: { bankId, principal, permissions } };
    }
  }
}

/** The grants of {@link grantsOf}, with where each is written. */
export function writtenGrantsOf(config: AstrocyteConfig): WrittenGrant[] {
  const grants = new Map<string, WrittenGrant>();
  for (const written of allGrants(config)) {
    const { bankId, principal, permissions } = written.grant;
    const key = JSON.stringify([bankId, principal, permissions.toSorted()]);
    if (!grants.has(key)) grants.set(key, written);
  }
  return [...grants.values()];
}

/**
 * Every grant of a configuration: `access_grants`, then those of `banks`, then those of `agents`. Of grants that say the same,
 * the first is kept.
 *
 * @remarks Spec 03 section 4.
 */
export function grantsOf(config: AstrocyteConfig): AccessGrant[] {
  return writtenGrantsOf(config).map(({ grant }) => grant);
}
