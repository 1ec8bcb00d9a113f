import { describe, expect, it } from "vitest";
import type { AccessGrant, ActorIdentity } from "../../src/dto/identity.js";
import { ConfigError } from "../../src/errors.js";
import { AccessPolicy } from "../../src/policy/access-policy.js";
import { defaultBankId, resolveReadBanks } from "../../src/policy/bank-resolver.js";

function accessOf(...grants: [bankId: string, principal: string][]): AccessPolicy {
  return new AccessPolicy({
    enabled: true,
    grants: grants.map(([bankId, principal]): AccessGrant => ({
      bankId,
      principal,
      permissions: ["read"],
    })),
  });
}

const access = accessOf(["b2", "user:alice"], ["b1", "user:alice"], ["secret", "user:root"]);
const context = { principal: "user:alice" };
const none = new ConfigError("Either bank_id or banks must be provided");

describe("defaultBankId", () => {
  it.each<[ActorIdentity["type"], string | undefined]>([
    ["user", "user-x"],
    ["agent", "agent-x"],
    ["service", "service-x"],
    ["team", undefined],
  ])("of a %s is %s", (type, bankId) => {
    expect(defaultBankId({ type, id: "x" })).toBe(bankId);
  });
});

describe("resolveReadBanks", () => {
  it("takes banks, then bankId, and keeps order and duplicates", () => {
    expect(resolveReadBanks({ access, banks: ["z", "a", "z"], bankId: "x" })).toEqual([
      "z",
      "a",
      "z",
    ]);
    expect(resolveReadBanks({ access, banks: [], bankId: "x", context })).toEqual(["x"]);
  });

  it("asks the grants only when it is told to, and only for a known caller", () => {
    expect(resolveReadBanks({ access, context, autoResolve: true })).toEqual(["b1", "b2"]);
    expect(() => resolveReadBanks({ access, context })).toThrow(none);
    expect(() => resolveReadBanks({ access, autoResolve: true })).toThrow(none);
    expect(() =>
      resolveReadBanks({ access, context: { principal: "" }, autoResolve: true }),
    ).toThrow(none);
    expect(() =>
      resolveReadBanks({ access, context: { principal: "user:zoe" }, autoResolve: true }),
    ).toThrow(none);
  });

  it("adds known banks, and falls back to the caller's own when nothing names a bank", () => {
    const wide = accessOf(["*", "user:alice"]);
    const call = { access: wide, context, autoResolve: true };
    expect(resolveReadBanks({ ...call, knownBankIds: ["k2", "k1"] })).toEqual(["k1", "k2"]);
    expect(resolveReadBanks(call)).toEqual(["user-alice"]);
    const team = { principal: "x", actor: { type: "team", id: "t" } } as const;
    expect(() => resolveReadBanks({ ...call, context: team })).toThrow(none);
  });

  it.each([["bad id"], ["no/slash"], ["b\n"], [""], ["*"]])("refuses the bank %j", (bankId) => {
    expect(() => resolveReadBanks({ access, bankId })).toThrow(ConfigError);
    expect(() => resolveReadBanks({ access, banks: ["ok", bankId] })).toThrow(ConfigError);
  });

  it("refuses a bank of the caller's own that makes no bank id", () => {
    const wide = accessOf(["*", "*"]);
    const odd = { principal: "user:a b" };
    expect(() => resolveReadBanks({ access: wide, context: odd, autoResolve: true })).toThrow(
      "Invalid bank_id 'user-a b'",
    );
  });
});
