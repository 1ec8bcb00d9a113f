import { isRecord } from "../dto/is-record.js";
import type { ActorIdentity } from "../dto/identity.js";
import { AuthorizationError, InvalidArgumentError } from "../errors.js";
import { trim } from "../internal/whitespace.js";

const displayClaims = ["upn", "preferred_username", "email"] as const;
const subjectClaims = ["oid", "sub"] as const;
const applicationClaims = ["appid", "azp", "client_id"] as const;

/** Names that came with a token, as far as an error repeats them. */
const maxNamesShown = 20;
const maxNameLength = 64;

type Claims = Readonly<Record<string, unknown>>;

interface Claim {
  readonly name: string;
  readonly value: string;
}

/** The texts of errors are the contract's; it writes lists and names of types in this form. */
function list(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(", ")}]`;
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return typeof value;
}

function shownNames(claims: Claims): string {
  return list(
    Object.keys(claims)
      .toSorted()
      .slice(0, maxNamesShown)
      .map((name) => name.slice(0, maxNameLength).replace(/\p{Cc}/gu, " ")),
  );
}

/** The first of some claims that is a text and not blank; whatever else is under a name counts as absent. */
function firstOf(claims: Claims, names: readonly string[]): Claim | undefined {
  for (const name of names) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof value === "string" && trim(value) !== "") return { name, value };
  }
  return undefined;
}

function withTokenClaims(kept: Record<string, string>, claims: Claims): Record<string, string> {
  const type = firstOf(claims, ["idtyp"]);
  const tenant = firstOf(claims, ["tid"]);
  return {
    ...kept,
    ...(type === undefined ? {} : { idtyp: type.value }),
    ...(tenant === undefined ? {} : { tenant_id: tenant.value }),
  };
}

function serviceOf(application: Claim, claims: Claims): ActorIdentity {
  return {
    type: "service",
    id: application.value,
    claims: withTokenClaims({ app_id: application.value }, claims),
  };
}

function userOf(display: Claim, claims: Claims): ActorIdentity {
  const subject = firstOf(claims, subjectClaims);
  if (subject === undefined) {
    // The claim's name only: its value is a person's name or address.
    throw new AuthorizationError(
      `Delegated user token has a display claim ('${display.name}') but no stable subject claim (${list(subjectClaims)}). Refusing to route — bank key must be stable across email/UPN changes.`,
    );
  }
  return {
    type: "user",
    id: subject.value,
    claims: withTokenClaims({ upn: display.value }, claims),
  };
}

/**
 * Whom a token speaks for, by its claims; whether the token is genuine is for the decoder to say.
 *
 * `idtyp: "app"` makes a service. Else a display name (`upn`, `preferred_username`, `email`) makes a user, whose id is `oid`
 * or `sub` and never the name, which can change. Else an application (`appid`, `azp`, `client_id`) makes a service. The
 * identity keeps `upn` or `app_id`, `idtyp`, and `tid` as `tenant_id`.
 *
 * @throws AuthorizationError when the claims do not say; nobody becomes anonymous for that.
 */
export function classifyClaims(claims: unknown): ActorIdentity {
  if (!isRecord(claims)) {
    throw new AuthorizationError(
      `Token claims must be a dict (got ${typeName(claims)}). Decoded token is malformed.`,
    );
  }
  const application = firstOf(claims, applicationClaims);
  if (firstOf(claims, ["idtyp"])?.value === "app") {
    if (application !== undefined) return serviceOf(application, claims);
    throw new AuthorizationError(
      `Token classified as service account (idtyp=app) but no app id claim found (expected one of ${list(applicationClaims)}).`,
    );
  }
  const display = firstOf(claims, displayClaims);
  if (display !== undefined) return userOf(display, claims);
  if (application !== undefined) return serviceOf(application, claims);
  throw new AuthorizationError(
    `Token decoded but identity type could not be determined. Expected a delegated user token (one of ${list(displayClaims)}) or a service account credential (one of ${list(applicationClaims)}, or idtyp=app). Available claim keys: ${shownNames(claims)}.`,
  );
}

export interface BankPrefixes {
  /** @defaultValue "user-" */
  readonly user?: string | undefined;
  /** @defaultValue "service-" */
  readonly service?: string | undefined;
}

/**
 * The bank of a classified identity: a prefix and the id as it is, which need not make a valid bank id.
 *
 * @throws InvalidArgumentError for an identity that is neither user nor service.
 */
export function bankIdOf(
  { type, id }: ActorIdentity,
  { user = "user-", service = "service-" }: BankPrefixes = {},
): string {
  if (type === "user") return `${user}${id}`;
  if (type === "service") return `${service}${id}`;
  throw new InvalidArgumentError(
    `Cannot derive bank id for identity.type='${type}'; only 'user' and 'service' identities are supported by the JWT classifier.`,
  );
}
