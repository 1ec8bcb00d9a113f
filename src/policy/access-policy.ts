import { isBankId } from "../dto/bank-id.js";
import {
  accessGrantSchema,
  formatActor,
  parsePrincipal,
  principalLabel,
  resolveActor,
  type AccessGrant,
  type AstrocyteContext,
} from "../dto/identity.js";
import { formatIssues } from "../dto/parse.js";
import { AccessDeniedError, ConfigError } from "../errors.js";
import { trim } from "../internal/whitespace.js";
import { dropUnseen } from "./disguise.js";
import { permissions as singlePermissions, type Permission } from "./permissions.js";

const defaultPolicies = ["owner_only", "open", "deny"] as const;

/**
 * What holds where no grant does: `open` allows reading and writing, also to nobody in particular; `deny` allows nothing.
 * `owner_only` is the same as `deny`, since nothing records who owns a bank.
 */
export type DefaultAccessPolicy = (typeof defaultPolicies)[number];

export interface AccessPolicyOptions {
  /** Off, everything is allowed. */
  readonly enabled: boolean;
  /** @defaultValue "owner_only" */
  readonly defaultPolicy?: DefaultAccessPolicy | undefined;
  readonly grants?: readonly AccessGrant[] | undefined;
  /** Whether a grant's principal may end in `:*`, as in `agent:*`; otherwise that is a name. @defaultValue false */
  readonly allowPrincipalPrefixes?: boolean | undefined;
}

/** Permissions as bits, so that unions and intersections cost nothing. */
const bits: ReadonlyMap<string, number> = new Map<Permission, number>([
  ...singlePermissions.map((permission, index) => [permission, 1 << index] as const),
  ["*", (1 << singlePermissions.length) - 1],
]);
const openBits = (bits.get("read") ?? 0) | (bits.get("write") ?? 0);

function union(allowed: readonly Permission[]): number {
  return allowed.reduce((sum, permission) => sum | (bits.get(permission) ?? 0), 0);
}

/** What the grants on one bank allow, by principal. */
interface BankGrants {
  readonly byPrincipal: Map<string, number>;
  readonly byPrefix: Map<string, number>;
}

/** Whether no character of a name can be seen. It is nobody's, and must not pass for one of everybody who is known. */
function isBlank(name: string): boolean {
  return trim(dropUnseen(name)) === "";
}

function checkGrant(grant: unknown, index: number): AccessGrant {
  const refuse = (problem: string): never => {
    throw new ConfigError(`access grants[${index}]: ${problem}`);
  };
  const parsed = accessGrantSchema.safeParse(grant);
  if (!parsed.success) return refuse(formatIssues(parsed.error));
  const { bankId, principal } = parsed.data;
  if (bankId !== "*" && !isBankId(bankId)) {
    return refuse('bankId: expected a bank id, or "*" for every bank');
  }
  if (isBlank(principal)) {
    return refuse('principal: expected "<type>:<id>" or a name, or "*" for everyone who is known');
  }
  return parsed.data;
}

/**
 * The spellings under which a grant is found. A name without a type is a user's, as it is in a caller's `principal`. A
 * team's is not: a user who calls himself `team:x` must not get what the team may.
 */
function grantKeys(principal: string): string[] {
  return principal.startsWith("team:")
    ? [principal]
    : [...new Set([principal, formatActor(parsePrincipal(principal))])];
}

/** The spellings of the caller that grants may name. */
function callerKeys(context: AstrocyteContext): string[] {
  if (context.actor !== undefined) return [formatActor(context.actor)];
  const typed = formatActor(parsePrincipal(context.principal));
  return typed === context.principal ? [typed] : [typed, context.principal];
}

function isKnownCaller(context: AstrocyteContext): boolean {
  const actor = resolveActor(context);
  const { onBehalfOf } = context;
  return (
    actor !== undefined &&
    !isBlank(actor.id) &&
    (onBehalfOf === undefined || !isBlank(onBehalfOf.id))
  );
}

/**
 * Decides who may do what in which bank.
 *
 * A principal may do on a bank what any grant on that bank or on `*` gives to it or to `*`. One that acts on behalf of
 * another may do what both may. `tenantId` and claims are not looked at. Without a context, or when the id of the caller or of
 * the one acted for has no visible character, only the default policy counts, not even a grant to `*`.
 */
export class AccessPolicy {
  readonly enabled: boolean;
  readonly #isOpen: boolean;
  /** As large as the list of grants, and never changed. */
  readonly #grants: ReadonlyMap<string, BankGrants>;

  /** @throws ConfigError that names the grant and the field that are not usable, and what is allowed. */
  constructor({
    enabled,
    defaultPolicy = "owner_only",
    grants = [],
    allowPrincipalPrefixes = false,
  }: AccessPolicyOptions) {
    if (typeof enabled !== "boolean") {
      throw new ConfigError(`access control: enabled must be true or false, got ${typeof enabled}`);
    }
    if (!defaultPolicies.includes(defaultPolicy)) {
      throw new ConfigError(
        `access control: unknown default policy "${defaultPolicy}"; allowed: ${defaultPolicies.join(", ")}`,
      );
    }
    this.enabled = enabled;
    this.#isOpen = defaultPolicy === "open";
    const index = new Map<string, BankGrants>();
    for (const [position, grant] of grants.entries()) {
      const { bankId, principal, permissions } = checkGrant(grant, position);
      const bank = index.get(bankId) ?? { byPrincipal: new Map(), byPrefix: new Map() };
      index.set(bankId, bank);
      const isPrefix = allowPrincipalPrefixes && principal.endsWith(":*");
      const target = isPrefix ? bank.byPrefix : bank.byPrincipal;
      for (const key of grantKeys(isPrefix ? principal.slice(0, -1) : principal)) {
        target.set(key, (target.get(key) ?? 0) | union(permissions));
      }
    }
    this.#grants = index;
  }

  /** @throws AccessDeniedError that names the caller, the bank and the permission. */
  check(context: AstrocyteContext | undefined, bankId: string, permission: Permission): void {
    if (this.allows(context, bankId, permission)) return;
    throw new AccessDeniedError(principalLabel(context), bankId, permission);
  }

  allows(context: AstrocyteContext | undefined, bankId: string, permission: Permission): boolean {
    if (!this.enabled) return true;
    const wanted = bits.get(permission);
    if (wanted === undefined) return false;
    const allowed = this.#granted(context, bankId) | (this.#isOpen ? openBits : 0);
    return (allowed & wanted) === wanted;
  }

  /** What grants give the caller on a bank, whether access control is on or not, and without the default policy. */
  permissions(context: AstrocyteContext | undefined, bankId: string): Permission[] {
    const granted = this.#granted(context, bankId);
    return singlePermissions.filter((permission) => (granted & union([permission])) !== 0);
  }

  /**
   * The banks that a grant lets the caller read, sorted, out of those that grants or `knownBankIds` name. A grant on `*`
   * names none.
   *
   * @param fallbackBankId - The one candidate when nothing else names a bank.
   */
  readableBanks(
    context: AstrocyteContext | undefined,
    knownBankIds: readonly string[] = [],
    fallbackBankId?: string,
  ): string[] {
    const named = new Set([...this.#grants.keys(), ...knownBankIds]);
    named.delete("*");
    if (named.size === 0 && fallbackBankId !== undefined) named.add(fallbackBankId);
    return [...named]
      .filter((bankId) => this.permissions(context, bankId).includes("read"))
      .toSorted();
  }

  #granted(context: AstrocyteContext | undefined, bankId: string): number {
    if (context === undefined || !isKnownCaller(context)) return 0;
    const ofCaller = this.#grantedTo(callerKeys(context), bankId);
    const { onBehalfOf } = context;
    return onBehalfOf === undefined
      ? ofCaller
      : ofCaller & this.#grantedTo([formatActor(onBehalfOf)], bankId);
  }

  #grantedTo(keys: readonly string[], bankId: string): number {
    let granted = 0;
    for (const grants of [this.#grants.get(bankId), this.#grants.get("*")]) {
      if (grants === undefined) continue;
      granted |= grants.byPrincipal.get("*") ?? 0;
      for (const key of keys) {
        granted |= grants.byPrincipal.get(key) ?? 0;
        for (const [prefix, allowed] of grants.byPrefix) {
          if (key.startsWith(prefix)) granted |= allowed;
        }
      }
    }
    return granted;
  }
}
