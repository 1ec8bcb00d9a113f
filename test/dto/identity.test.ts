import {
  actorIdentitySchema,
  formatActor,
  parsePrincipal,
  principalLabel,
  resolveActor,
  type ActorIdentity,
} from "astrocyte";
import { describe, expect, it } from "vitest";

describe("ID-3: parsePrincipal", () => {
  it.each<[string, ActorIdentity]>([
    ["agent:bot", { type: "agent", id: "bot" }],
    ["user:ana", { type: "user", id: "ana" }],
    ["service:sync", { type: "service", id: "sync" }],
    ["user:a:b", { type: "user", id: "a:b" }],
    ["user:", { type: "user", id: "" }],
    ["ana", { type: "user", id: "ana" }],
    ["", { type: "user", id: "" }],
    ["team:support", { type: "user", id: "team:support" }],
    ["Agent:bot", { type: "user", id: "Agent:bot" }],
    [" user:ana", { type: "user", id: " user:ana" }],
    ["agent", { type: "user", id: "agent" }],
  ])("reads %j as %o", (principal, actor) => {
    expect(parsePrincipal(principal)).toEqual(actor);
  });

  it("undoes formatActor for the prefixed types", () => {
    for (const type of ["agent", "user", "service"] as const) {
      for (const id of ["x", "a:b", "user:x", ""]) {
        expect(parsePrincipal(formatActor({ type, id }))).toEqual({ type, id });
      }
    }
  });
});

describe("principalLabel", () => {
  it("names the caller as errors and audits do", () => {
    const bot: ActorIdentity = { type: "agent", id: "bot" };
    expect(principalLabel(undefined)).toBe("anonymous");
    expect(principalLabel({ principal: "" })).toBe("anonymous");
    expect(principalLabel({ principal: "user:" })).toBe("user:");
    expect(principalLabel({ principal: "user:ana" })).toBe("user:ana");
    expect(principalLabel({ principal: "ana" })).toBe("user:ana");
    expect(principalLabel({ principal: "user:ana", actor: bot })).toBe("agent:bot");
    expect(
      principalLabel({ principal: "x", actor: bot, onBehalfOf: { type: "user", id: "ana" } }),
    ).toBe("agent:bot obo user:ana");
    expect(principalLabel({ principal: "agent:bot", onBehalfOf: { type: "team", id: "t" } })).toBe(
      "agent:bot obo team:t",
    );
  });
});

describe("resolveActor", () => {
  it("is the actor, else the one whom the principal names, else nobody", () => {
    const bot: ActorIdentity = { type: "agent", id: "bot" };
    expect(resolveActor({ principal: "user:ana", actor: bot })).toEqual(bot);
    expect(resolveActor({ principal: "", actor: bot })).toEqual(bot);
    expect(resolveActor({ principal: "ana" })).toEqual({ type: "user", id: "ana" });
    expect(resolveActor({ principal: "" })).toBeUndefined();
    expect(resolveActor(undefined)).toBeUndefined();
  });
});

describe("actorIdentitySchema", () => {
  it("takes the four types and nothing else", () => {
    for (const type of ["user", "agent", "service", "team"]) {
      expect(actorIdentitySchema.safeParse({ type, id: "x" }).success).toBe(true);
    }
    expect(actorIdentitySchema.safeParse({ type: "robot", id: "x" }).success).toBe(false);
    expect(
      actorIdentitySchema.safeParse({ type: "user", id: "x", claims: { age: 3 } }).success,
    ).toBe(false);
  });
});
