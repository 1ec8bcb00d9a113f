import type { RecordedContext, RecordedGrants } from "./access-input.js";

/*
 * The rules of access once more, written down plainly and slowly, for the cases in which they differ from the reference.
 */

const everything = ["read", "write", "forget", "admin"];
const typed = /^(?:agent|user|service):/;
const typedGrant = /^(?:agent|user|service|team):/;
const actorTypes = ["user", "agent", "service", "team"];

/** All spellings under which a caller, or the one it acts for, may appear in a grant. */
function spellings(principal: string): string[] {
  return typed.test(principal) ? [principal] : [principal, `user:${principal}`];
}

function names(context: NonNullable<RecordedContext>): string[] {
  const { actor, principal } = context;
  return actor ? [`${actor.type}:${actor.id}`] : spellings(principal);
}

function grantedTo(callers: readonly string[], grants: RecordedGrants, bankId: string): string[] {
  return grants
    .filter(([bank]) => bank === bankId || bank === "*")
    .filter(
      ([, principal]) =>
        principal === "*" ||
        callers.includes(principal) ||
        (!typedGrant.test(principal) && callers.includes(`user:${principal}`)),
    )
    .flatMap(([, , permissions]) => (permissions.includes("*") ? everything : permissions));
}

function isBlank(id: string): boolean {
  return !/[^\s\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u0640]/u.test(id);
}

/** Whether the caller, or the one it acts for, has an id that nobody can see. */
export function isBlankCaller(context: RecordedContext): boolean {
  if (context === null) return false;
  const { actor, principal, on_behalf_of: subject } = context;
  const id = actor ? actor.id : principal.replace(/^(?:agent|user|service):/, "");
  return isBlank(id) || (subject ? isBlank(subject.id) : false);
}

/** Sorted by name, as the recording lists them. */
export function expectPermissions(
  context: RecordedContext,
  grants: RecordedGrants,
  bankId: string,
): string[] {
  if (context === null || isBlankCaller(context)) return [];
  const own = grantedTo(names(context), grants, bankId);
  const { on_behalf_of: subject } = context;
  const subjects = subject ? grantedTo([`${subject.type}:${subject.id}`], grants, bankId) : own;
  return everything
    .filter((permission) => own.includes(permission) && subjects.includes(permission))
    .toSorted();
}

export interface AccessQuestion {
  readonly enabled: boolean;
  readonly default_policy: string;
  readonly grants: RecordedGrants;
  readonly context: RecordedContext;
  readonly bank_id: string;
  readonly permission: string;
}

export function expectAllowed(question: AccessQuestion): boolean {
  const {
    enabled,
    default_policy: policy,
    grants,
    context,
    bank_id: bankId,
    permission,
  } = question;
  if (!enabled) return true;
  const allowed = expectPermissions(context, grants, bankId);
  const wanted = permission === "*" ? everything : [permission];
  return wanted.every(
    (each) =>
      allowed.includes(each) || (policy === "open" && (each === "read" || each === "write")),
  );
}

/** Which intended difference from the reference a case may show; undefined when none can. */
export function differenceOf(
  grants: RecordedGrants,
  context: RecordedContext,
  defaultPolicy = "owner_only",
): string | undefined {
  if (isBlankCaller(context)) {
    return "04 section 8: a caller without a visible id has no grants";
  }
  if (grants.some(([, , permissions]) => permissions.includes("*"))) {
    return "D-47: the permission * stands for all four";
  }
  if (grants.some(([, principal]) => principal !== "*" && !typed.test(principal))) {
    return "04 section 8: a grant's principal is read as a caller's is";
  }
  return defaultPolicy === "open" ? "D-45: open covers reading and writing" : undefined;
}

export function hasUnknownActor(context: RecordedContext): boolean {
  return [context?.actor, context?.on_behalf_of].some(
    (actor) => actor && !actorTypes.includes(actor.type),
  );
}
