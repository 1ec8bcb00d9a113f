import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte, type AstrocyteConfigInput } from "astrocyte";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";

const mail = "Mail ada@example.com";

describe("settings of a bank", () => {
  it("hold for that bank only, and leave what they do not name as it is", async () => {
    const { brain, vectorStore } = createBrain({
      config: {
        barriers: { pii: { type_overrides: { email: { replacement: "<mail>" } } } },
        banks: {
          open: { barriers: { pii: { action: "warn" } } },
          closed: { barriers: { pii: { action: "reject" } } },
          short: { barriers: { validation: { max_content_length: 10 } } },
          narrow: { homeostasis: { recall_max_tokens: 1 } },
          again: { signal_quality: { dedup: { enabled: false } } },
        },
      },
    });
    const stored = async (bankId: string) => {
      await brain.retain(mail, { bankId });
      return (await vectorStore.listVectors({ bankId }))[0]?.text;
    };
    expect(await stored("any")).toBe("Mail <mail>");
    expect(await stored("open")).toBe(mail);
    await expect(stored("closed")).rejects.toMatchObject({ code: "ASTROCYTE_PII_REJECTED" });
    expect((await brain.retain("more than ten", { bankId: "short" })).error).toContain("too long");
    expect(await stored("narrow")).toBe("Mail <mail>");
    expect((await brain.recall("mail", { bankId: "narrow" })).truncated).toBe(true);
    expect((await brain.recall("mail", { bankId: "any" })).truncated).toBe(false);
    expect((await brain.retain(mail, { bankId: "any" })).deduplicated).toBe(true);
    await brain.retain(mail, { bankId: "again" });
    expect((await brain.retain(mail, { bankId: "again" })).stored).toBe(true);
  });

  it("have rates of their own under the one global rate", async () => {
    const { brain } = createBrain({
      config: {
        homeostasis: { rate_limits: { recall_per_minute: 5, global_per_minute: 3 } },
        banks: { slow: { homeostasis: { rate_limits: { recall_per_minute: 1 } } } },
      },
    });
    const limited = { code: "ASTROCYTE_RATE_LIMITED" };
    await brain.recall("x", { bankId: "slow" });
    await expect(brain.recall("x", { bankId: "slow" })).rejects.toMatchObject(limited);
    await brain.recall("x", { bankId: "fast" });
    await brain.recall("x", { bankId: "fast" });
    await expect(brain.recall("x", { bankId: "fast" })).rejects.toMatchObject(limited);
  });

  it("CFG-12: name who has access, and so do agents", async () => {
    const { brain } = createBrain({
      config: {
        access_control: { enabled: true, default_policy: "deny" },
        banks: {
          "team-1": { access: [{ principal: "user:ana", permissions: ["read"] }] },
          "team-2": {},
        },
        agents: { helper: { banks: ["team-*"] } },
      },
    });
    const may = (bankId: string, permission: "read" | "write", principal: string) => {
      try {
        brain.checkAccess(bankId, permission, { principal });
        return true;
      } catch {
        return false;
      }
    };
    expect(may("team-1", "read", "user:ana")).toBe(true);
    expect(may("team-1", "write", "user:ana")).toBe(false);
    expect(may("team-2", "write", "agent:helper")).toBe(true);
    expect(may("team-2", "read", "user:ana")).toBe(false);
  });

  it("give every memory the default tags", async () => {
    const { brain, vectorStore } = createBrain({ config: { defaults: { tags: ["support"] } } });
    await brain.retain("hello there", { bankId: "b", tags: ["own"] });
    expect((await vectorStore.listVectors({ bankId: "b" }))[0]?.tags).toEqual(["own", "support"]);
  });

  it.each<[string, AstrocyteConfigInput]>([
    ["profile", { profile: "support" }],
    ["compliance_profile", { compliance_profile: "gdpr" }],
    ["banks.b.profile", { banks: { b: { profile: "support" } } }],
  ])("that have to be read from a file are refused by the constructor: %s", (path, config) => {
    expect(() => createBrain({ config })).toThrow(path);
  });
});

describe("a configuration file", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "astrocyte-banks-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("governs by its compliance profile and by the profile of a bank", async () => {
    const path = join(folder, "astrocyte.yaml");
    writeFileSync(
      path,
      `compliance_profile: hipaa
vector_store: in_memory
llm_provider: mock
access_grants: [{ bank_id: "*", principal: "user:root", permissions: ["*"] }]
banks:
  lab: { profile: research }
`,
    );
    const heard: string[] = [];
    await using brain = await Astrocyte.fromConfig(path, {
      logger: { warn: (event, data) => void heard.push(`${event} ${JSON.stringify(data)}`) },
    });
    const context = { principal: "user:root" };
    await expect(brain.retain(mail, { bankId: "ward" })).rejects.toMatchObject({
      code: "ASTROCYTE_ACCESS_DENIED",
    });
    await expect(brain.retain(mail, { bankId: "ward", context })).rejects.toMatchObject({
      code: "ASTROCYTE_PII_REJECTED",
    });
    expect(await brain.retain(mail, { bankId: "lab", context })).toMatchObject({ stored: true });
    expect(heard.join("\n")).toContain("banks.lab.barriers.pii.mode");
  });
});
