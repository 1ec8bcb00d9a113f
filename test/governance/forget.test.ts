import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte, type Logger } from "astrocyte";
import { describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";

const bankId = "b";
const held = { code: "ASTROCYTE_LEGAL_HOLD_ACTIVE", holdId: "case-1" };

describe("POL-23: a legal hold", () => {
  it("stops every way to forget until it is released, and nothing is deleted", async () => {
    const { brain, vectorStore } = createBrain();
    const { memoryId = "" } = await brain.retain("evidence", { bankId, tags: ["t"] });
    const events: unknown[] = [];
    brain.registerHook("on_legal_hold", ({ data }) => void events.push(data));
    expect(await brain.setLegalHold(bankId, "case-1", { reason: "lawsuit" })).toEqual({
      bankId,
      holdId: "case-1",
      reason: "lawsuit",
      setBy: "user:api",
      setAt: "2026-06-01T00:00:00+00:00",
    });
    for (const selector of [
      { memoryIds: [memoryId] },
      { tags: ["t"] },
      { beforeDate: "2030-01-01" },
      { scope: "all" as const },
    ]) {
      await expect(brain.forget({ bankId, ...selector })).rejects.toMatchObject(held);
    }
    expect(await vectorStore.listVectors({ bankId })).toHaveLength(1);
    expect(await brain.legalHolds(bankId)).toMatchObject([{ holdId: "case-1" }]);
    expect(await brain.releaseLegalHold(bankId, "case-1")).toBe(true);
    expect(await brain.releaseLegalHold(bankId, "case-1")).toBe(false);
    expect(await brain.forget({ bankId, scope: "all" })).toMatchObject({ deletedCount: 1 });
    expect(events).toEqual([
      { action: "set", hold_id: "case-1" },
      { action: "released", hold_id: "case-1" },
    ]);
  });

  it("gives way to a compliance deletion of a known caller, which is logged", async () => {
    const lines: string[] = [];
    const logger: Logger = {
      warn: (event, data) => void lines.push(`${event} ${JSON.stringify(data)}`),
    };
    const { brain } = createBrain({ logger });
    await brain.retain("evidence", { bankId });
    await brain.setLegalHold(bankId, "case-1");
    await expect(brain.forget({ bankId, scope: "all", compliance: true })).rejects.toMatchObject({
      code: "ASTROCYTE_ACCESS_DENIED",
      principal: "anonymous",
      permission: "compliance_forget",
    });
    const context = { principal: "user:officer" };
    const options = { bankId, scope: "all", compliance: true, context, reason: "art-17" } as const;
    expect(await brain.forget(options)).toMatchObject({ deletedCount: 1 });
    expect(lines).toEqual([
      'astrocyte.compliance.forget {"bank_id":"b","actor":"user:officer","reason":"art-17","scope":"all"}',
    ]);
  });

  it("needs an admin where access is controlled, to be set, released and passed over", async () => {
    const { brain } = createBrain({
      config: {
        access_control: { enabled: true },
        access_grants: [
          { bank_id: bankId, principal: "user:clerk", permissions: ["write", "forget"] },
          { bank_id: bankId, principal: "user:root", permissions: ["*"] },
        ],
      },
    });
    const clerk = { principal: "user:clerk" };
    const root = { principal: "user:root" };
    const denied = { code: "ASTROCYTE_ACCESS_DENIED", permission: "admin" };
    const { memoryId = "" } = await brain.retain("evidence", { bankId, context: clerk });
    await expect(brain.setLegalHold(bankId, "h", { context: clerk })).rejects.toMatchObject(denied);
    await brain.setLegalHold(bankId, "h", { context: root });
    await expect(brain.releaseLegalHold(bankId, "h", { context: clerk })).rejects.toMatchObject(
      denied,
    );
    const one = { bankId, memoryIds: [memoryId], compliance: true };
    await expect(brain.forget({ ...one, context: clerk })).rejects.toMatchObject(denied);
    await expect(brain.forget({ bankId, scope: "all", context: clerk })).rejects.toMatchObject(
      denied,
    );
    expect(await brain.forget({ ...one, context: root })).toMatchObject({ deletedCount: 1 });
  });

  it("survives a restart in a sqlite file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "astrocyte-hold-"));
    const config = {
      vector_store: "sqlite",
      vector_store_config: { path: join(folder, "memory.db") },
      embedding_provider: "mock",
    };
    try {
      const first = await Astrocyte.fromConfig(config);
      await first.retain("evidence", { bankId });
      await first.setLegalHold(bankId, "case-1");
      await first.close();
      await using second = await Astrocyte.fromConfig(config);
      await expect(second.forget({ bankId, scope: "all" })).rejects.toMatchObject(held);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is kept by a store that the host passes, and an outage of it forbids forgetting", async () => {
    const { brain } = createBrain({
      legalHoldStore: {
        setHold: () => Promise.resolve(),
        releaseHold: () => Promise.resolve(false),
        listHolds: () => Promise.reject(new Error("hold store down")),
      },
    });
    await brain.retain("evidence", { bankId });
    await expect(brain.forget({ bankId, scope: "all" })).rejects.toThrow("hold store down");
    expect(() => createBrain({ legalHoldStore: {} as never })).toThrow("legalHoldStore");
  });
});

describe("a governed forget", () => {
  it("HOOK-2: fires its events", async () => {
    const { brain } = createBrain();
    await brain.retain("one", { bankId });
    const events: unknown[] = [];
    brain.registerHook("on_forget", ({ data }) => void events.push(data));
    brain.registerHook("on_bank_deleted", (event) => void events.push(event.bankId));
    await brain.forget({ bankId, scope: "all" });
    expect(events).toEqual([{ deleted_count: 1, archived_count: 0 }, bankId]);
  });
});
