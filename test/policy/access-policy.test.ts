import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessGrant, ActorIdentity, AstrocyteContext } from "../../src/dto/identity.js";
import { AccessDeniedError, ConfigError } from "../../src/errors.js";
import { AccessPolicy, type DefaultAccessPolicy } from "../../src/policy/access-policy.js";
import {
  operationPermissions,
  permissionOf,
  permissions,
  type GovernedOperation,
  type Permission,
} from "../../src/policy/permissions.js";

function grant(bankId: string, principal: string, ...allowed: Permission[]): AccessGrant {
  return { bankId, principal, permissions: allowed };
}

function policyOf(...grants: AccessGrant[]): AccessPolicy {
  return new AccessPolicy({ enabled: true, grants });
}

const alice: AstrocyteContext = { principal: "user:alice" };
const bot: ActorIdentity = { type: "agent", id: "bot" };
const operations = Object.keys(operationPermissions) as GovernedOperation[];
const defaults: readonly DefaultAccessPolicy[] = ["owner_only", "open", "deny"];

describe("POL-21: every operation, permission and default policy", () => {
  interface Relation {
    readonly name: string;
    readonly context: AstrocyteContext | undefined;
    readonly grants: (permission: Permission) => AccessGrant[];
    readonly isGranted: boolean;
  }
  const onBehalf: AstrocyteContext = {
    principal: "agent:bot",
    actor: bot,
    onBehalfOf: { type: "user", id: "alice" },
  };
  const relations: readonly Relation[] = [
    {
      name: "granted",
      context: alice,
      grants: (permission) => [grant("b", "user:alice", permission)],
      isGranted: true,
    },
    {
      name: "granted on every bank to everyone",
      context: alice,
      grants: (permission) => [grant("*", "*", permission)],
      isGranted: true,
    },
    {
      name: "granted on another bank",
      context: alice,
      grants: (permission) => [grant("other", "user:alice", permission)],
      isGranted: false,
    },
    {
      name: "granted to another principal",
      context: alice,
      grants: (permission) => [grant("b", "user:mallory", permission)],
      isGranted: false,
    },
    {
      name: "all but this granted",
      context: alice,
      grants: (permission) => [
        grant("b", "user:alice", ...permissions.filter((each) => each !== permission)),
      ],
      isGranted: false,
    },
    {
      name: "granted to actor and subject",
      context: onBehalf,
      grants: (permission) => [
        grant("b", "agent:bot", permission),
        grant("*", "user:alice", permission),
      ],
      isGranted: true,
    },
    {
      name: "granted to the actor alone",
      context: onBehalf,
      grants: (permission) => [grant("b", "agent:bot", permission)],
      isGranted: false,
    },
    {
      name: "granted to the subject alone",
      context: onBehalf,
      grants: (permission) => [grant("b", "user:alice", permission)],
      isGranted: false,
    },
    {
      name: "nobody asks, and everyone may",
      context: undefined,
      grants: (permission) => [grant("*", "*", permission)],
      isGranted: false,
    },
    {
      name: "a blank principal asks, and everyone may",
      context: { principal: "" },
      grants: (permission) => [grant("*", "*", permission)],
      isGranted: false,
    },
  ];
  const matrix = operations.flatMap((operation) =>
    defaults.flatMap((defaultPolicy) =>
      relations.map((relation) => ({ operation, defaultPolicy, ...relation })),
    ),
  );

  it.each(matrix)("$operation, $defaultPolicy: $name", (row) => {
    const permission = permissionOf(row.operation);
    const policy = new AccessPolicy({
      enabled: true,
      defaultPolicy: row.defaultPolicy,
      grants: row.grants(permission),
    });
    const isOpen = row.defaultPolicy === "open" && ["read", "write"].includes(permission);
    expect(policy.allows(row.context, "b", permission)).toBe(row.isGranted || isOpen);
  });

  it("is the whole table", () => {
    expect(matrix).toHaveLength(operations.length * 3 * 10);
    expect(operationPermissions).toMatchObject({
      recall: "read",
      retain: "write",
      compile: "write",
      forget: "forget",
      forgetAll: "admin",
      complianceForget: "admin",
      runLifecycle: "admin",
      setLegalHold: "admin",
      releaseLegalHold: "admin",
      bankHealth: "admin",
    });
  });
});

describe("AccessPolicy", () => {
  it("names caller, bank and permission when it denies", () => {
    const context = {
      principal: "x",
      actor: bot,
      onBehalfOf: { type: "user", id: "zoe" },
    } as const;
    expect(() => policyOf().check(context, "b1", "read")).toThrow(
      new AccessDeniedError("agent:bot obo user:zoe", "b1", "read"),
    );
    expect(() => policyOf().check(undefined, "b1", "read")).toThrow(
      new AccessDeniedError("anonymous", "b1", "read"),
    );
    expect(() => policyOf(grant("b1", "alice", "read")).check(alice, "b1", "read")).not.toThrow();
  });

  it("allows everything while it is off", () => {
    const policy = new AccessPolicy({ enabled: false, defaultPolicy: "deny" });
    expect(policy.allows(undefined, "b", "admin")).toBe(true);
    expect(policy.permissions(alice, "b")).toEqual([]);
  });

  it("lets open cover reading and writing, and a grant add to it", () => {
    const policy = new AccessPolicy({
      enabled: true,
      defaultPolicy: "open",
      grants: [grant("b", "user:alice", "admin")],
    });
    const allowed = (context: AstrocyteContext | undefined): Permission[] =>
      permissions.filter((permission) => policy.allows(context, "b", permission));
    expect(allowed(undefined)).toEqual(["read", "write"]);
    expect(allowed(alice)).toEqual(["read", "write", "admin"]);
  });

  it("reads the permission * as all four, in a grant as in a question", () => {
    const all = policyOf(grant("b", "user:alice", "*"));
    expect(all.permissions(alice, "b")).toEqual([...permissions]);
    expect(all.allows(alice, "b", "*")).toBe(true);
    const most = policyOf(grant("b", "user:alice", "read", "write", "forget"));
    expect(most.allows(alice, "b", "*")).toBe(false);
  });

  it("never allows a permission that it does not know", () => {
    const policy = new AccessPolicy({
      enabled: true,
      defaultPolicy: "open",
      grants: [grant("*", "*", "*")],
    });
    for (const unknown of ["delete", "", "READ", "__proto__", "constructor"]) {
      expect(policy.allows(alice, "b", unknown as Permission)).toBe(false);
    }
  });

  it("lets the actor and not the principal count, where both are given", () => {
    const policy = policyOf(grant("b", "user:alice", "read"));
    expect(policy.allows({ principal: "user:alice", actor: bot }, "b", "read")).toBe(false);
    expect(
      policy.allows({ principal: "agent:bot", actor: { type: "user", id: "alice" } }, "b", "read"),
    ).toBe(true);
  });

  it.each<[string, AstrocyteContext, boolean]>([
    ["alice", { principal: "alice" }, true],
    ["alice", { principal: "user:alice" }, true],
    ["alice", { principal: "x", actor: { type: "user", id: "alice" } }, true],
    ["alice", { principal: "agent:alice" }, false],
    ["user:alice", { principal: "alice" }, true],
    ["team:support", { principal: "team:support" }, true],
    ["team:support", { principal: "x", actor: { type: "team", id: "support" } }, true],
    ["team:support", { principal: "user:team:support" }, false],
    ["team:support", { principal: "x", actor: { type: "user", id: "team:support" } }, false],
    ["agent:bot", { principal: "user:agent:bot" }, false],
    ["Alice", { principal: "alice" }, false],
  ])("a grant to %j and the caller %o: %s", (principal, context, isAllowed) => {
    expect(policyOf(grant("b", principal, "read")).allows(context, "b", "read")).toBe(isAllowed);
  });

  it.each<[string, AstrocyteContext, boolean]>([
    ["agent:*", { principal: "agent:bot" }, true],
    ["agent:*", { principal: "user:bot" }, false],
    ["agent:*", { principal: "agents:bot" }, false],
    ["user:acme:*", { principal: "user:acme:ana" }, true],
    ["user:acme:*", { principal: "user:acme-corp" }, false],
    ["team:*", { principal: "x", actor: { type: "team", id: "a" } }, true],
    ["team:*", { principal: "user:team:a" }, false],
  ])("with prefixes, a grant to %j and the caller %o: %s", (principal, context, isAllowed) => {
    const grants = [grant("b", principal, "read")];
    const policy = new AccessPolicy({ enabled: true, grants, allowPrincipalPrefixes: true });
    expect(policy.allows(context, "b", "read")).toBe(isAllowed);
    expect(policyOf(...grants).allows(context, "b", "read")).toBe(false);
  });

  it("never lets the tenant or claims decide", () => {
    const policy = policyOf(grant("b", "user:alice", "read"));
    const actor: ActorIdentity = { type: "user", id: "alice", claims: { tenant_id: "other" } };
    expect(policy.allows({ principal: "x", actor, tenantId: "elsewhere" }, "b", "read")).toBe(true);
  });

  it("lists the banks that a caller may read, without those of * alone", () => {
    const policy = policyOf(
      grant("z", "user:alice", "read"),
      grant("a", "*", "read"),
      grant("w", "user:alice", "write"),
      grant("*", "service:ops", "*"),
    );
    const ops: AstrocyteContext = { principal: "service:ops" };
    expect(policy.readableBanks(alice)).toEqual(["a", "z"]);
    expect(policy.readableBanks(ops, ["known", "a"])).toEqual(["a", "known", "w", "z"]);
    expect(policy.readableBanks(undefined, ["known"])).toEqual([]);
    const wildcard = policyOf(grant("*", "service:ops", "read"));
    expect(wildcard.readableBanks(ops)).toEqual([]);
    expect(wildcard.readableBanks(ops, [], "service-ops")).toEqual(["service-ops"]);
    expect(wildcard.readableBanks(ops, ["k"], "service-ops")).toEqual(["k"]);
  });

  it.each<[string, object, string]>([
    ["an unknown permission", { permissions: ["read", "READ"] }, "permissions[1]"],
    ["no list", { permissions: "read" }, "permissions"],
    ["a blank principal", { principal: " " }, 'principal: expected "<type>:<id>"'],
    ["no principal", { principal: undefined }, "principal"],
    ["an invisible principal", { principal: "\u200b" }, 'principal: expected "<type>:<id>"'],
    ["an empty bank", { bankId: "" }, "bankId: expected a bank id"],
    ["a pattern for a bank", { bankId: "team-*" }, 'bankId: expected a bank id, or "*"'],
  ])("refuses a grant with %s, and says which", (_what, fault, path) => {
    const good = grant("b", "user:a", "read");
    const grants = [good, { ...good, ...fault }];
    const build = () => policyOf(...grants);
    expect(build).toThrow(ConfigError);
    expect(build).toThrow(`access grants[1]: ${path}`);
  });

  it("refuses an unknown default policy, and an enabled that is no boolean", () => {
    expect(
      () => new AccessPolicy({ enabled: true, defaultPolicy: "opne" as DefaultAccessPolicy }),
    ).toThrow(
      new ConfigError(
        'access control: unknown default policy "opne"; allowed: owner_only, open, deny',
      ),
    );
    const enabled = undefined as unknown as boolean;
    expect(() => new AccessPolicy({ enabled })).toThrow(ConfigError);
  });

  it("keeps a copy of the grants", () => {
    const grants = [grant("b", "user:alice", "read")];
    const policy = new AccessPolicy({ enabled: true, grants });
    grants[0]?.permissions.push("admin");
    expect(policy.permissions(alice, "b")).toEqual(["read"]);
  });
});

/** What grants give, without an index: the rules as they are written. */
function searchGrants(grants: readonly AccessGrant[], context: AstrocyteContext, bankId: string) {
  const { actor, principal } = context;
  const isTyped = /^(?:agent|user|service):/;
  const typed = (name: string): string => (isTyped.test(name) ? name : `user:${name}`);
  const callers =
    actor === undefined ? [principal, typed(principal)] : [`${actor.type}:${actor.id}`];
  const matches = grants.filter(
    (each) =>
      (each.bankId === bankId || each.bankId === "*") &&
      (each.principal === "*" ||
        callers.includes(each.principal) ||
        (!each.principal.startsWith("team:") && callers.includes(typed(each.principal)))),
  );
  return permissions.filter((permission) =>
    matches.some((each) => each.permissions.includes(permission) || each.permissions.includes("*")),
  );
}

const visible = /[^\s\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u0640]/u;

describe("AccessPolicy with any grants", () => {
  const name = fc.oneof(
    fc.constantFrom("alice", "user:alice", "agent:alice", "team:x", "user:team:x", "*"),
    fc
      .string({ unit: "binary" })
      .filter((text) => visible.test(text.replace(/^(?:agent|user|service):/u, ""))),
  );
  const bank = fc.constantFrom("a", "b", "*");
  const grants = fc.array(
    fc.record({
      bankId: bank,
      principal: name,
      permissions: fc.subarray<Permission>([...permissions, "*"]),
    }),
  );

  it("gives what a search through the list gives", () => {
    fc.assert(
      fc.property(grants, name, bank, (list, principal, bankId) => {
        const found = policyOf(...list).permissions({ principal }, bankId);
        expect(found).toEqual(searchGrants(list, { principal }, bankId));
      }),
      { numRuns: 2000 },
    );
  });

  it("throws nothing but its own errors, whoever asks for what", () => {
    const any = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(grants, any, any, any, (list, principal, bankId, permission) => {
        const policy = policyOf(...list);
        const context: AstrocyteContext = { principal, onBehalfOf: { type: "user", id: bankId } };
        let error: unknown;
        try {
          policy.check(context, bankId, permission as Permission);
        } catch (thrown) {
          error = thrown;
        }
        expect(error === undefined || error instanceof AccessDeniedError).toBe(true);
      }),
    );
  });

  it("answers as fast with 10 000 grants as with ten", () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      grant(`b${index % 100}`, `user:u${index}`, "read"),
    );
    const policy = policyOf(...many);
    const context: AstrocyteContext = { principal: "user:u9999" };
    const start = performance.now();
    for (let round = 0; round < 20_000; round += 1) policy.allows(context, "b99", "read");
    // About 0.5 microseconds each; a search through the list would take a hundred times as long.
    expect(performance.now() - start).toBeLessThan(400);
    expect(policy.allows(context, "b99", "read")).toBe(true);
  });
});

describe("a caller without a visible id", () => {
  const everyone = policyOf(grant("*", "*", "*"));
  const blank = ["", " ", "\t\n", "\u200b", "\u00ad\ufeff", "\u2800", "\u3164", "\u0000", "\ud800"];

  it.each(blank)("%j has no grants, not even those of everyone", (id) => {
    const actor: ActorIdentity = { type: "user", id };
    const contexts: AstrocyteContext[] = [
      { principal: id },
      { principal: `user:${id}` },
      { principal: `agent:${id}` },
      { principal: "user:alice", actor },
      { principal: "user:alice", onBehalfOf: actor },
    ];
    for (const context of contexts) {
      expect(everyone.permissions(context, "b")).toEqual([]);
      expect(() => everyone.check(context, "b", "read")).toThrow(AccessDeniedError);
      expect(everyone.readableBanks(context, ["b"])).toEqual([]);
    }
  });

  it("is told from one with a name", () => {
    expect(everyone.allows(alice, "b", "read")).toBe(true);
    expect(everyone.allows({ principal: "\u200balice" }, "b", "read")).toBe(true);
  });
});
