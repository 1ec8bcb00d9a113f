import { describe, expect, it } from "vitest";
import { createMockLLM } from "../../src/testing/mock-llm.js";
import { createBrain } from "../astrocyte/brain.js";

const bankId = "b";

describe("a governed recall", () => {
  it("POL-1: needs the permission to read, and takes no token without it", async () => {
    const { brain } = createBrain({
      config: {
        access_control: { enabled: true },
        access_grants: [{ bank_id: bankId, principal: "user:alice", permissions: ["read"] }],
        homeostasis: { rate_limits: { recall_per_minute: 1 } },
      },
    });
    const denied = { code: "ASTROCYTE_ACCESS_DENIED" };
    await expect(brain.recall("x", { bankId })).rejects.toMatchObject(denied);
    const context = { principal: "user:alice" };
    await expect(brain.recall("x", { bankId: "other", context })).rejects.toMatchObject(denied);
    await expect(brain.recall("x", { bankId, context })).resolves.toMatchObject({ hits: [] });
    await expect(brain.recall("x", { bankId, context })).rejects.toMatchObject({
      code: "ASTROCYTE_RATE_LIMITED",
    });
  });

  it("takes new grants at once", async () => {
    const { brain } = createBrain({ config: { access_control: { enabled: true } } });
    const context = { principal: "agent:bot" };
    await expect(brain.recall("x", { bankId, context })).rejects.toThrow("denied 'read'");
    brain.setAccessGrants([{ bankId: "*", principal: "agent:bot", permissions: ["read"] }]);
    await expect(brain.recall("x", { bankId, context })).resolves.toMatchObject({ hits: [] });
    expect(() => brain.checkAccess(bankId, "write", context)).toThrow("denied 'write'");
    expect(() => brain.checkAccess(bankId, "read", context)).not.toThrow();
  });

  it.each([
    ["no object", "user:alice"],
    ["no principal", { actor: { type: "user", id: "a" } }],
  ])("refuses a context that is %s", async (_what, context) => {
    const { brain } = createBrain();
    await expect(brain.recall("x", { bankId, context: context as never })).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });

  it("limits all operations and banks together when a global rate is set", async () => {
    const { brain } = createBrain({
      config: { homeostasis: { rate_limits: { global_per_minute: 2 } } },
    });
    await brain.retain("one", { bankId });
    await brain.recall("one", { bankId: "other" });
    await expect(brain.recall("one", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_RATE_LIMITED",
      bankId,
    });
  });

  it("POL-24: scans what leaves, and keeps everything else of a hit", async () => {
    const parts = createBrain({ config: { barriers: { pii: { mode: "disabled" } } } });
    await parts.brain.retain("Reach ada@example.com today", { bankId, tags: ["t"] });
    const { brain, warnings } = createBrain({
      ...parts,
      brain: undefined,
      warnings: undefined,
      config: { dlp: { scan_recall_output: true, output_pii_action: "redact" } },
    } as never);
    const { hits, topSemanticScore, trace } = await brain.recall("reach", { bankId });
    expect(hits).toMatchObject([{ text: "Reach [EMAIL_REDACTED] today", tags: ["t"] }]);
    expect(hits[0]).toHaveProperty("retainedAt");
    expect(topSemanticScore).toBeGreaterThan(0);
    expect(trace).toBeDefined();
    expect(warnings).toEqual([]);
  });

  it("HOOK-2: tells of a recall by lengths and counts only", async () => {
    const { brain } = createBrain();
    await brain.retain("dark mode", { bankId });
    const events: unknown[] = [];
    brain.registerHook("on_recall", (event) => void events.push(event));
    await brain.recall("mode", { bankId });
    expect(events).toEqual([
      {
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: "on_recall",
        timestamp: "2026-06-01T00:00:00+00:00",
        bankId,
        data: { query_length: 4, result_count: 1 },
      },
    ]);
  });
});

describe("a governed reflect", () => {
  it("has a rate and a quota of its own", async () => {
    const { brain } = createBrain({
      llm: createMockLLM(),
      config: { homeostasis: { quotas: { reflect_per_day: 1 } } },
    });
    await brain.retain("Alice likes tea", { bankId });
    await brain.reflect("tea", { bankId });
    await expect(brain.reflect("tea", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_RATE_LIMITED",
      operation: "reflect",
    });
  });

  it("does not count one that failed", async () => {
    const llm = createMockLLM();
    const complete = llm.complete.bind(llm);
    llm.complete = () => Promise.reject(new Error("down"));
    const { brain } = createBrain({
      llm,
      config: { homeostasis: { quotas: { reflect_per_day: 1 } } },
    });
    await brain.retain("Alice likes tea", { bankId });
    await expect(brain.reflect("tea", { bankId })).rejects.toThrow("down");
    llm.complete = complete;
    await expect(brain.reflect("tea", { bankId })).resolves.toHaveProperty("answer");
  });

  it("scans the answer and its sources", async () => {
    const { brain } = createBrain({
      llm: createMockLLM(),
      config: {
        barriers: { pii: { mode: "disabled" } },
        dlp: { scan_reflect_output: true, output_pii_action: "redact" },
      },
    });
    await brain.retain("Reach ada@example.com", { bankId });
    const result = await brain.reflect("reach", { bankId });
    expect(JSON.stringify(result)).not.toContain("ada@example.com");
    expect(result.sources?.[0]?.text).toBe("Reach [EMAIL_REDACTED]");
  });
});

describe("hooks", () => {
  it("HOOK-1: run in order, are waited for, and disturb nothing when they fail", async () => {
    const { brain, warnings } = createBrain();
    const seen: string[] = [];
    brain.registerHook("on_retain", async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push("first");
    });
    brain.registerHook("on_retain", () => {
      throw new Error("handler");
    });
    const off = brain.registerHook("on_retain", () => void seen.push("third"));
    expect(await brain.retain("one", { bankId })).toMatchObject({ stored: true });
    expect(seen).toEqual(["first", "third"]);
    expect(warnings).toEqual(["astrocyte.hook.error"]);
    off();
    await brain.retain("another thing altogether", { bankId });
    expect(seen).toEqual(["first", "third", "first"]);
  });

  it("are refused for an unknown event", () => {
    const { brain } = createBrain();
    expect(() => brain.registerHook("on_retained" as never, () => undefined)).toThrow(/on_retain,/);
    expect(() => brain.registerHook("on_retain", "no" as never)).toThrow("a function");
  });
});
