import { describe, expect, it } from "vitest";
import { grantsOf } from "../../src/config/grants-of.js";
import { parseConfig } from "../../src/config/parse-config.js";

const grants = (document: object) =>
  grantsOf(parseConfig(document as never, "config")).map(({ bankId, principal, permissions }) => [
    bankId,
    principal,
    permissions,
  ]);

describe("CFG-11, CFG-12: grantsOf", () => {
  it("takes the grants of the document, of banks, then of agents", () => {
    expect(
      grants({
        access_grants: [{ bank_id: "c", principal: "user:x", permissions: ["read"] }],
        banks: {
          "user-2": {},
          "user-1": { access: [{ principal: "agent:bot", permissions: ["read", "write"] }] },
          c: {},
        },
        agents: { helper: { banks: ["user-*", "c"] } },
      }),
    ).toEqual([
      ["c", "user:x", ["read"]],
      ["user-1", "agent:bot", ["read", "write"]],
      ["user-1", "agent:helper", ["read", "write"]],
      ["user-2", "agent:helper", ["read", "write"]],
      ["c", "agent:helper", ["read", "write"]],
    ]);
  });

  it("keeps the first of grants that say the same", () => {
    const row = { bank_id: "b", principal: "agent:bot" };
    expect(
      grants({
        access_grants: [
          { ...row, permissions: ["write", "read"] },
          { ...row, permissions: ["read"] },
        ],
        agents: { bot: { banks: ["b", "b"] } },
      }),
    ).toEqual([
      ["b", "agent:bot", ["write", "read"]],
      ["b", "agent:bot", ["read"]],
    ]);
  });

  it("gives an agent with no permissions no grant", () => {
    expect(grants({ agents: { bot: { banks: ["b"], permissions: [] } } })).toEqual([]);
  });

  it("reads the older spelling only where the newer is absent", () => {
    expect(grants({ agents: { bot: { allowed_banks: ["b"] } } })).toHaveLength(1);
    expect(grants({ agents: { bot: { banks: ["a"], allowed_banks: ["b"] } } })[0]?.[0]).toBe("a");
    expect(grants({ agents: { bot: { banks: [], allowed_banks: ["b"] } } })).toEqual([]);
  });

  it("takes numbers as names", () => {
    expect(
      grants({ access_grants: [{ bank_id: 5, principal: 6, permissions: ["read"] }] }),
    ).toEqual([["5", "6", ["read"]]]);
  });

  it("skips rows that are no maps", () => {
    expect(
      grants({ access_grants: ["junk", null], banks: { b: null, c: { access: [3] } } }),
    ).toEqual([]);
  });

  it.each([
    [
      "a bank that is not declared",
      { banks: { a: {} }, agents: { bot: { banks: ["zz"] } } },
      "agents.bot: bank id 'zz' is not listed under banks:.",
    ],
    [
      "a pattern without declared banks",
      { agents: { bot: { banks: ["*"] } } },
      "agents.bot: bank pattern '*' uses wildcards but no banks: section is declared.",
    ],
    [
      "a pattern that matches nothing",
      { banks: { a: {} }, agents: { bot: { banks: ["b*"] } } },
      "agents.bot: bank pattern 'b*' matches no bank under banks:.",
    ],
    [
      "a grant without its fields",
      { access_grants: [{ bank_id: "b" }] },
      "access_grants[0].principal: is missing",
    ],
    [
      "permissions that are no list",
      { banks: { b: { access: [{ principal: "x", permissions: "read" }] } } },
      "banks.b.access[0].permissions: expected a list, got text",
    ],
    [
      "a permission that there is not",
      { banks: { b: { access: [{ principal: "x", permissions: ["own"] }] } } },
      "banks.b.access[0].permissions[0]: expected one of read, write, forget, admin, *",
    ],
  ])("refuses %s", (_title, document, message) => {
    expect(() => grants(document)).toThrow(message);
  });
});
