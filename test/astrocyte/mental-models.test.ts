import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte, type AstrocyteConfigInput } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { createInMemoryMentalModelStore, createInMemoryVectorStore } from "astrocyte/testing";
import { afterAll, describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "user-1";
const folder = mkdtempSync(join(tmpdir(), "astrocyte-models-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function brainWith(config: AstrocyteConfigInput = {}) {
  const mentalModelStore = createInMemoryMentalModelStore();
  return { ...createBrain({ mentalModelStore, config }), mentalModelStore };
}

const block = (text: string) => ({ type: "paragraph" as const, text });
const append = (text: string) => ({
  op: "append_block",
  section_id: "overview",
  block: block(text),
});

describe("mental models", () => {
  it("are stored, changed section by section, refreshed, listed and deleted", async () => {
    const { mentalModels } = brainWith().brain;
    const first = await mentalModels.upsert("ann", {
      bankId,
      title: "Ann",
      content: "Likes tea.",
      scope: "person:ann",
      sourceIds: ["s1"],
    });
    expect(first).toMatchObject({ revision: 1, kind: "general", scope: "person:ann" });
    const updated = await mentalModels.updateViaOps(
      "ann",
      [append("And coffee."), { op: "explode" }],
      { bankId },
    );
    expect(updated?.model.content).toBe("## Overview\n\nLikes tea.\n\nAnd coffee.\n");
    expect(updated?.summary).toMatchObject({ changed: true, skipped: [{ op: "explode" }] });
    const refreshed = await mentalModels.refresh("ann", ["s2", "s1"], { bankId });
    expect(refreshed).toMatchObject({ revision: 3, sourceIds: ["s1", "s2"] });
    expect(await mentalModels.list({ bankId, scope: "person:bob" })).toEqual([]);
    expect(await mentalModels.list({ bankId, scope: "person:ann" })).toEqual([refreshed]);
    expect(await mentalModels.revisions("ann", { bankId })).toHaveLength(2);
    expect(await mentalModels.delete("ann", { bankId })).toBe(true);
    expect(await mentalModels.get("ann", { bankId })).toBeUndefined();
    expect(await mentalModels.updateViaOps("ann", [], { bankId })).toBeUndefined();
    expect(await mentalModels.refresh("ann", [], { bankId })).toBeUndefined();
  });

  it("take sections in place of Markdown, and need one of both", async () => {
    const { mentalModels } = brainWith().brain;
    const sections = [{ id: "a", heading: "A", level: 2, blocks: [block("x")] }];
    const model = await mentalModels.upsert("m", { bankId, title: "T", content: "?", sections });
    expect(model).toMatchObject({ content: "## A\n\nx\n", structuredDoc: { sections } });
    await expect(mentalModels.upsert("m", { bankId, title: "T" })).rejects.toThrow(
      "give content (Markdown) or sections",
    );
    await expect(
      mentalModels.upsert(" ", { bankId, title: "T", content: "c" }),
    ).rejects.toMatchObject({ code: "ASTROCYTE_INVALID_ARGUMENT" });
    await expect(
      mentalModels.list({ bankId, scopes: "bank" } as Parameters<typeof mentalModels.list>[0]),
    ).rejects.toThrow("unknown option scopes");
  });

  it("need a store, and find it in the vector store", async () => {
    const { brain } = createBrain();
    await expect(brain.mentalModels.list({ bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
    });
    const path = join(folder, "models.db");
    const open = () =>
      Astrocyte.fromConfig({ vector_store: "sqlite", vector_store_config: { path } });
    await using first = await open();
    await first.mentalModels.upsert("m", { bankId, title: "T", content: "one" });
    await first.mentalModels.upsert("m", { bankId, title: "T", content: "two" });
    await first.close();
    await using second = await open();
    expect(await second.mentalModels.get("m", { bankId })).toMatchObject({ revision: 2 });
    expect(await second.mentalModels.revisions("m", { bankId })).toMatchObject([
      { content: "one" },
    ]);
  });

  it("are made by name from the configuration", async () => {
    await using brain = await Astrocyte.fromConfig({
      vector_store: "in_memory",
      mental_model_store: "in_memory",
    });
    await brain.mentalModels.upsert("m", { bankId, title: "T", content: "c" });
    expect(await brain.mentalModels.list({ bankId })).toHaveLength(1);
  });

  it("are kept through a forget of memories, and go with their bank", async () => {
    const { brain } = brainWith();
    await brain.retain("a fact", { bankId, tags: ["x"] });
    await brain.mentalModels.upsert("m", { bankId, title: "T", content: "c" });
    await brain.mentalModels.upsert("m", { bankId: "other", title: "T", content: "c" });
    await brain.directives.create("be kind", { bankId });
    await brain.forget({ bankId, tags: ["x"] });
    expect(await brain.mentalModels.list({ bankId })).toHaveLength(2);
    await brain.forget({ bankId, scope: "all" });
    expect(await brain.mentalModels.list({ bankId })).toEqual([]);
    expect(await brain.mentalModels.list({ bankId: "other" })).toHaveLength(1);
  });

  it("leave no trace in the file", async () => {
    const path = join(folder, "erased.db");
    const store = await createSqliteStore({ path });
    const brain = new Astrocyte({ vectorStore: store });
    const words = async () => {
      const { readFileSync } = await import("node:fs");
      return readFileSync(path, "latin1").includes("marmalade");
    };
    await brain.mentalModels.upsert("m", { bankId, title: "T", content: "marmalade" });
    await brain.mentalModels.upsert("m", { bankId, title: "T", content: "honey" });
    await brain.mentalModels.delete("m", { bankId });
    expect(await words()).toBe(false);
    await store.close();
    expect(await words()).toBe(false);
  });
});

describe("directives", () => {
  it("are mental models with one rule, and in no prompt", async () => {
    const { brain } = brainWith();
    const directive = await brain.directives.create(" Answer in French. ", { bankId });
    expect(directive.modelId).toMatch(/^directive:[0-9a-f]{12}$/);
    expect(directive).toMatchObject({
      kind: "directive",
      title: "Directive",
      content: "## Rule\n\nAnswer in French.\n",
      structuredDoc: { sections: [{ id: "rule", level: 2 }] },
    });
    await brain.mentalModels.upsert("m", { bankId, title: "T", content: "c" });
    expect(await brain.directives.list({ bankId })).toEqual([directive]);
    expect(await brain.directives.delete(directive.modelId, { bankId })).toBe(true);
    expect(await brain.directives.list({ bankId })).toEqual([]);
    await expect(brain.directives.create(" ", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });
});

describe("what stands before mental models", () => {
  const open = { bankId, title: "T", content: "c" };

  it("asks for the permission of each call", async () => {
    const { mentalModels } = brainWith({
      access_control: { enabled: true, default_policy: "deny" },
      access_grants: [
        { bank_id: bankId, principal: "user:reader", permissions: ["read"] },
        { bank_id: bankId, principal: "user:writer", permissions: ["write"] },
        { bank_id: bankId, principal: "user:eraser", permissions: ["forget"] },
      ],
    }).brain;
    const calls: [string, (principal: string) => Promise<unknown>][] = [
      ["reader", (principal) => mentalModels.get("m", { bankId, context: { principal } })],
      ["reader", (principal) => mentalModels.list({ bankId, context: { principal } })],
      ["reader", (principal) => mentalModels.revisions("m", { bankId, context: { principal } })],
      ["writer", (principal) => mentalModels.upsert("m", { ...open, context: { principal } })],
      [
        "writer",
        (principal) => mentalModels.updateViaOps("m", [], { bankId, context: { principal } }),
      ],
      ["writer", (principal) => mentalModels.refresh("m", [], { bankId, context: { principal } })],
      ["eraser", (principal) => mentalModels.delete("m", { bankId, context: { principal } })],
    ];
    for (const [allowed, call] of calls) {
      for (const name of ["reader", "writer", "eraser", "nobody"]) {
        const outcome = await call(`user:${name}`).then(
          () => "allowed",
          (error: { code: string }) => error.code,
        );
        expect(outcome).toBe(name === allowed ? "allowed" : "ASTROCYTE_ACCESS_DENIED");
      }
    }
  });

  it("takes tokens of the retain rate for writing, and none for reading and deleting", async () => {
    const { brain } = brainWith({
      homeostasis: { rate_limits: { retain_per_minute: 2 }, quotas: { retain_per_day: 1 } },
    });
    await brain.mentalModels.upsert("m", open);
    await brain.mentalModels.refresh("m", ["s"], { bankId });
    await expect(brain.directives.create("be kind", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_RATE_LIMITED",
    });
    expect(await brain.mentalModels.list({ bankId })).toHaveLength(1);
    expect(await brain.mentalModels.delete("m", { bankId })).toBe(true);
  });

  it("redacts personal data in texts, and leaves ids alone", async () => {
    const { brain } = brainWith({ barriers: { pii: { mode: "regex", action: "redact" } } });
    const found: unknown[] = [];
    brain.registerHook("on_pii_detected", ({ data }) => void found.push(data));
    const mail = "ann@example.com";
    const model = await brain.mentalModels.upsert("m", {
      bankId,
      title: `Mail of ${mail}`,
      sections: [{ id: "mail", heading: "Mail", level: 2, blocks: [block(`write to ${mail}`)] }],
    });
    expect(JSON.stringify(model)).not.toContain(mail);
    expect(model.structuredDoc?.sections[0]).toMatchObject({ id: "mail", heading: "Mail" });
    expect(model.content).toMatch(/^## Mail\n\nwrite to \[/);
    const ops = [{ op: "append_block", section_id: "mail", block: block(`or ${mail}`) }];
    const updated = await brain.mentalModels.updateViaOps("m", ops, { bankId });
    expect(updated?.model.content).toContain("or [");
    expect(updated?.model.content).not.toContain(mail);
    const directive = await brain.directives.create(`never write to ${mail}`, { bankId });
    expect(directive.content).not.toContain(mail);
    expect(found).toHaveLength(3);
    expect(JSON.stringify(found)).not.toContain(mail);
  });

  it("refuses personal data where that is configured", async () => {
    const { brain } = brainWith({ barriers: { pii: { mode: "regex", action: "reject" } } });
    const content = "mail ann@example.com";
    await expect(
      brain.mentalModels.upsert("m", { bankId, title: "T", content }),
    ).rejects.toMatchObject({ code: "ASTROCYTE_PII_REJECTED" });
    expect(await brain.mentalModels.list({ bankId })).toEqual([]);
  });

  it("deletes nothing under a legal hold", async () => {
    const { brain } = brainWith();
    await brain.mentalModels.upsert("m", open);
    await brain.setLegalHold(bankId, "case-1");
    await expect(brain.mentalModels.delete("m", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_LEGAL_HOLD_ACTIVE",
    });
    await brain.releaseLegalHold(bankId, "case-1");
    expect(await brain.mentalModels.delete("m", { bankId })).toBe(true);
  });

  it("opens the circuit of a store that is down, which does not stand in the way of a deletion", async () => {
    const store = createInMemoryMentalModelStore();
    let calls = 0;
    const down = {
      ...store,
      getModel: () => {
        calls += 1;
        return Promise.reject(new Error("down"));
      },
    };
    const brain = new Astrocyte({
      vectorStore: createInMemoryVectorStore(),
      mentalModelStore: down,
      config: { escalation: { circuit_breaker: { failure_threshold: 2 } } },
    });
    for (let n = 0; n < 4; n += 1) {
      await brain.mentalModels.get("m", { bankId }).catch(() => undefined);
    }
    expect(calls).toBe(2);
    await expect(brain.mentalModels.get("m", { bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
    });
    expect(await brain.mentalModels.delete("m", { bankId })).toBe(false);
  });

  it("ends with the signal, and with the brain", async () => {
    const { brain } = brainWith();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(brain.mentalModels.get("m", { bankId, signal })).rejects.toBe(reason);
    await expect(brain.mentalModels.upsert("m", { ...open, signal })).rejects.toBe(reason);
    await brain.close();
    await expect(brain.mentalModels.list({ bankId })).rejects.toMatchObject({
      code: "ASTROCYTE_CLOSED",
    });
  });
});
