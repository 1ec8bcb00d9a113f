import { formatActor, type AstrocyteContext } from "../dto/identity.js";
import { AuthorizationError } from "../errors.js";
import { trim } from "../internal/whitespace.js";
import { classifyClaims } from "./jwt-claims.js";

/** Headers as Node, Fetch or a plain object have them. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

const scheme = /^bearer /i;
const maxReasonLength = 200;

function hasGetter(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return "get" in headers && typeof headers.get === "function";
}

function authorizations(headers: RequestHeaders): string[] {
  if (hasGetter(headers)) {
    const value = headers.get("authorization");
    return value === null ? [] : [value];
  }
  return Object.entries(headers)
    .filter(([name]) => name.toLowerCase() === "authorization")
    .flatMap(([, value]) => value ?? [])
    .filter((value) => typeof value === "string");
}

/**
 * The token of `Authorization: Bearer <token>` (RFC 6750 section 2.1). The name of the header and the scheme are read without
 * regard to case. Undefined when there is no such header, and for other schemes.
 *
 * @throws AuthorizationError when there are several headers that differ, of which a proxy may have checked another one.
 */
export function bearerToken(headers: RequestHeaders): string | undefined {
  const [value, ...others] = new Set(authorizations(headers));
  if (others.length > 0) {
    throw new AuthorizationError("The request has several Authorization headers that differ.");
  }
  const credentials = trim(value ?? "");
  return scheme.test(credentials)
    ? trim(credentials.slice("bearer ".length)) || undefined
    : undefined;
}

/**
 * Verifies a token and gives its claims, or throws. It must check the signature against the issuer's keys, the audience,
 * the issuer where one is configured, and that `exp` and `iat` are there and hold.
 */
export type TokenDecoder = (token: string) => unknown;

export interface ResolveIdentityOptions {
  readonly headers: RequestHeaders;
  /** Its result is awaited. */
  readonly decoder: TokenDecoder;
  /** Whether a request without a token is refused, even where `allowAnonymous` is true. @defaultValue true */
  readonly failClosed?: boolean | undefined;
  /** Whether a request without a token is `anonymous`, for which `failClosed` must be false too. @defaultValue false */
  readonly allowAnonymous?: boolean | undefined;
}

/** One line, since the reason may end up in a log. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : typeof error;
  return text.slice(0, maxReasonLength).replace(/\p{Cc}/gu, " ");
}

async function decode(decoder: TokenDecoder, token: string): Promise<unknown> {
  try {
    return await decoder(token);
  } catch (error) {
    if (error instanceof AuthorizationError) throw error;
    throw new AuthorizationError(
      `Bearer token decode/validation failed: ${reasonOf(error)}. Request rejected to prevent cross-user data leakage.`,
      { cause: error },
    );
  }
}

/**
 * Who sent a request, by its bearer token. A token that is there but not good is refused, never taken as anonymous.
 *
 * @throws AuthorizationError for a token that the decoder refuses or whose claims name nobody, and for a request without one
 *   unless anonymous access is allowed.
 */
export async function resolveIdentity({
  headers,
  decoder,
  failClosed = true,
  allowAnonymous = false,
}: ResolveIdentityOptions): Promise<AstrocyteContext> {
  const token = bearerToken(headers);
  if (token !== undefined) {
    const actor = classifyClaims(await decode(decoder, token));
    return { principal: formatActor(actor), actor };
  }
  if (allowAnonymous && !failClosed) return { principal: "anonymous" };
  const setting = allowAnonymous ? "fail_closed=true" : "allow_anonymous=false";
  throw new AuthorizationError(
    `No Bearer token presented and anonymous access is disabled (identity.jwt_middleware.${setting}).`,
  );
}
