import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActorIdentity } from "../../src/dto/identity.js";
import { AuthorizationError, InvalidArgumentError } from "../../src/errors.js";
import { bankIdOf, classifyClaims } from "../../src/policy/jwt-claims.js";

describe("ID-1: classifyClaims", () => {
  it.each<[string, object, ActorIdentity]>([
    [
      "oid before sub, upn before email",
      { oid: "o", sub: "s", upn: "u", email: "e", idtyp: "user", tid: "t" },
      { type: "user", id: "o", claims: { upn: "u", idtyp: "user", tenant_id: "t" } },
    ],
    [
      "sub, and any display name",
      { sub: "s", preferred_username: "p" },
      { type: "user", id: "s", claims: { upn: "p" } },
    ],
    [
      "an application that says so, although it has a name",
      { idtyp: "app", appid: "a", oid: "o", upn: "u", tid: "t" },
      { type: "service", id: "a", claims: { app_id: "a", idtyp: "app", tenant_id: "t" } },
    ],
    [
      "an application by its id alone",
      { azp: "b", client_id: "c", sub: "s" },
      { type: "service", id: "b", claims: { app_id: "b" } },
    ],
    [
      "blank and non-text claims as absent",
      { upn: " \u0085", email: 5, oid: "", azp: "x" },
      { type: "service", id: "x", claims: { app_id: "x" } },
    ],
    [
      "ids as they are",
      { oid: " o ", upn: " u " },
      { type: "user", id: " o ", claims: { upn: " u " } },
    ],
  ])("takes %s", (_what, claims, identity) => {
    expect(classifyClaims(claims)).toEqual(identity);
  });

  it.each<[unknown, string]>([
    [null, "(got NoneType)"],
    ["text", "(got str)"],
    [[1], "(got list)"],
    [1, "(got int)"],
    [{}, "Available claim keys: []."],
    [{ x: 1, a: 2 }, "Available claim keys: ['a', 'x']."],
    [{ idtyp: "app", sub: "s" }, "expected one of ['appid', 'azp', 'client_id']"],
    [{ email: "a@x.com" }, "no stable subject claim (['oid', 'sub'])"],
  ])("refuses %j", (claims, text) => {
    expect(() => classifyClaims(claims)).toThrow(AuthorizationError);
    expect(() => classifyClaims(claims)).toThrow(text);
  });

  it("does not repeat a person's name or address in the error", () => {
    expect(() => classifyClaims({ email: "ana@example.com" })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("ana@example.com") }),
    );
  });

  it("repeats some names of claims only, and none in full length", () => {
    const claims = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`${index}-${"x".repeat(10_000)}`, 1]),
    );
    expect(() => classifyClaims(claims)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{100,2000}$/) }),
    );
  });

  it("does not take what the prototype has for a claim", () => {
    const claims: object = Object.create({ oid: "o", upn: "u" });
    expect(() => classifyClaims(claims)).toThrow(AuthorizationError);
  });

  it("classifies or refuses anything, in one line of bounded length", () => {
    const name = fc.oneof(
      fc.constantFrom("upn", "email", "oid", "sub", "idtyp", "appid", "azp", "tid"),
      fc.string({ unit: "binary" }),
    );
    const claims = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.dictionary(name, fc.oneof(fc.string({ unit: "binary" }), fc.anything())),
    );
    fc.assert(
      fc.property(claims, (value) => {
        let outcome: unknown;
        try {
          outcome = classifyClaims(value);
        } catch (error) {
          outcome = error;
        }
        const isRefusal = outcome instanceof AuthorizationError;
        const { message = "", id = "" } = outcome as { message?: string; id?: string };
        expect(isRefusal || id.trim() !== "").toBe(true);
        expect(message).not.toMatch(/\p{Cc}/u);
        expect(message.length).toBeLessThan(2000);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("bankIdOf", () => {
  it("prefixes the id", () => {
    expect(bankIdOf({ type: "user", id: "o" })).toBe("user-o");
    expect(bankIdOf({ type: "service", id: "a" })).toBe("service-a");
    expect(bankIdOf({ type: "service", id: "a" }, { service: "svc-" })).toBe("svc-a");
    expect(bankIdOf({ type: "user", id: "o" }, { user: "" })).toBe("o");
  });

  it.each(["agent", "team"] as const)("refuses the type %s", (type) => {
    expect(() => bankIdOf({ type, id: "x" })).toThrow(InvalidArgumentError);
  });
});
