import { assertBankId } from "../dto/bank-id.js";
import { resolveActor, type ActorIdentity, type AstrocyteContext } from "../dto/identity.js";
import { ConfigError } from "../errors.js";
import type { AccessPolicy } from "./access-policy.js";

const bankPrefixes: ReadonlyMap<string, string> = new Map<ActorIdentity["type"], string>([
  ["user", "user-"],
  ["agent", "agent-"],
  ["service", "service-"],
]);

/** The bank of an actor's own, `<type>-<id>`; a team has none. The id is taken as it is, and may make no valid bank id. */
export function defaultBankId({ type, id }: ActorIdentity): string | undefined {
  const prefix = bankPrefixes.get(type);
  return prefix === undefined ? undefined : `${prefix}${id}`;
}

export interface ReadBanks {
  readonly bankId?: string | undefined;
  readonly banks?: readonly string[] | undefined;
  readonly context?: AstrocyteContext | undefined;
  readonly access: AccessPolicy;
  /** Whether the context decides when neither `banks` nor `bankId` is given. @defaultValue false */
  readonly autoResolve?: boolean | undefined;
  /** Banks of the configuration, as candidates beside those that grants name. */
  readonly knownBankIds?: readonly string[] | undefined;
}

/**
 * The banks that a recall reads: `banks` unless it is empty, else `bankId`, else those that the caller may read. Duplicates
 * stay. It says where to look, and allows nothing: each bank is still to be checked.
 *
 * @throws ConfigError for a bank id that is none, and when no bank comes out.
 */
export function resolveReadBanks({
  bankId,
  banks = [],
  context,
  access,
  autoResolve = false,
  knownBankIds,
}: ReadBanks): string[] {
  let resolved: readonly string[] = banks;
  if (resolved.length === 0 && bankId !== undefined) resolved = [bankId];
  if (resolved.length === 0 && autoResolve) {
    const actor = resolveActor(context);
    const own = actor === undefined ? undefined : defaultBankId(actor);
    resolved = access.readableBanks(context, knownBankIds, own);
  }
  if (resolved.length === 0) throw new ConfigError("Either bank_id or banks must be provided");
  for (const id of resolved) assertBankId(id);
  return [...resolved];
}
