import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AuthorizationError } from "../../src/errors.js";
import {
  bearerToken,
  resolveIdentity,
  type RequestHeaders,
  type TokenDecoder,
} from "../../src/policy/jwt-identity.js";

describe("bearerToken", () => {
  it.each<[RequestHeaders, string | undefined]>([
    [{ Authorization: "Bearer abc" }, "abc"],
    [{ authorization: "bearer abc" }, "abc"],
    [{ AUTHORIZATION: " BEARER  abc " }, "abc"],
    [{ Authorization: ["Bearer abc"] }, "abc"],
    [new Headers({ Authorization: "Bearer abc" }), "abc"],
    [{ Authorization: "Bearer a", authorization: "Bearer a" }, "a"],
    [{ Authorization: "Bearer " }, undefined],
    [{ Authorization: "Bearerabc" }, undefined],
    [{ Authorization: "Basic abc" }, undefined],
    [{ Authorization: undefined }, undefined],
    [{ Authorization: 5 as unknown as string }, undefined],
    [{ "X-Authorization": "Bearer abc" }, undefined],
    [{}, undefined],
    [new Headers(), undefined],
  ])("of %o is %s", (headers, token) => {
    expect(bearerToken(headers)).toBe(token);
  });

  it.each<[RequestHeaders]>([
    [{ Authorization: "Bearer good", authorization: "Bearer evil" }],
    [{ authorization: ["Bearer good", "Bearer evil"] }],
  ])("refuses headers that contradict each other: %o", (headers) => {
    expect(() => bearerToken(headers)).toThrow(AuthorizationError);
  });
});

const decoder: TokenDecoder = (token) => {
  if (token === "good") return { oid: "o1", upn: "u" };
  if (token === "odd") return { x: 1 };
  throw new Error("sig\nforged line");
};
const good = { Authorization: "Bearer good" };
const user = { principal: "user:o1", actor: { type: "user", id: "o1", claims: { upn: "u" } } };

describe("ID-2: resolveIdentity", () => {
  it("makes the claims of a good token the actor, also of a decoder that takes its time", async () => {
    expect(await resolveIdentity({ headers: good, decoder })).toEqual(user);
    const slow: TokenDecoder = (token) => Promise.resolve(decoder(token));
    expect(await resolveIdentity({ headers: good, decoder: slow })).toEqual(user);
  });

  it.each([
    [undefined, undefined, "allow_anonymous=false"],
    [true, false, "allow_anonymous=false"],
    [false, false, "allow_anonymous=false"],
    [true, true, "fail_closed=true"],
    [undefined, true, "fail_closed=true"],
  ])(
    "refuses a request without a token when failClosed is %s and allowAnonymous %s",
    async (failClosed, allowAnonymous, setting) => {
      const request = resolveIdentity({ headers: {}, decoder, failClosed, allowAnonymous });
      await expect(request).rejects.toThrow(
        new AuthorizationError(
          `No Bearer token presented and anonymous access is disabled (identity.jwt_middleware.${setting}).`,
        ),
      );
    },
  );

  it("is anonymous only where both settings allow it", async () => {
    const open = { decoder, failClosed: false, allowAnonymous: true };
    expect(await resolveIdentity({ ...open, headers: {} })).toEqual({ principal: "anonymous" });
    for (const token of ["bad", "odd"]) {
      const headers = { Authorization: `Bearer ${token}` };
      await expect(resolveIdentity({ ...open, headers })).rejects.toThrow(AuthorizationError);
    }
  });

  it("says in one line why the decoder refused, and keeps its error as cause", async () => {
    const refusal: unknown = await resolveIdentity({
      headers: { Authorization: "Bearer bad" },
      decoder,
    }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      message:
        "Bearer token decode/validation failed: sig forged line. Request rejected to prevent cross-user data leakage.",
      cause: { message: "sig\nforged line" },
    });
    const own = new AuthorizationError("expired");
    const expired = resolveIdentity({ headers: good, decoder: () => Promise.reject(own) });
    await expect(expired).rejects.toBe(own);
  });

  it("throws nothing but an AuthorizationError, whatever comes in or out of the decoder", async () => {
    const headers = fc.dictionary(
      fc.constantFrom("authorization", "Authorization", "x"),
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }).map((text) => `Bearer ${text}`),
      ),
    );
    await fc.assert(
      fc.asyncProperty(headers, fc.anything(), fc.boolean(), async (given, outcome, throws) => {
        const hostile: TokenDecoder = () => {
          if (throws) throw outcome;
          return outcome;
        };
        const error: unknown = await resolveIdentity({ headers: given, decoder: hostile }).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error === undefined || error instanceof AuthorizationError).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
