import { describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";
import { FakeClock } from "astrocyte/testing";

const bankId = "user-1";
const dayMs = 86_400_000;
const ttl = {
  archive_after_days: 30,
  delete_after_days: 100,
  exempt_tags: ["keep"],
  fact_type_overrides: {},
};

/** A brain with one memory a number of days old, and one with an exempt tag of each. */
async function agedBrain(enabled = true) {
  const clock = new FakeClock("2026-01-01T00:00:00Z");
  const stores = createBrain({ clock, config: { lifecycle: { enabled, ttl } } });
  const words = ["apples", "harbours", "violins"];
  for (const [at, advanceDays] of [70, 40, 10].entries()) {
    await stores.brain.retain(`${words[at]} are what this is about`, { bankId });
    await stores.brain.retain(`about ${words[at]}, and it stays`, { bankId, tags: ["keep"] });
    clock.advance(advanceDays * dayMs);
  }
  const texts = async () =>
    (await stores.vectorStore.listVectors({ bankId })).map(({ text }) => text).toSorted();
  return { ...stores, texts };
}

describe("memories that grow old", () => {
  it("are forgotten after their time, and reported when they might be archived", async () => {
    const { brain, texts } = await agedBrain();
    const result = await brain.runLifecycle(bankId);
    expect(result).toMatchObject({ archivedCount: 1, deletedCount: 1, skippedCount: 4 });
    expect(result.archiveIds).toHaveLength(1);
    expect(await texts()).not.toContain("apples are what this is about");
    expect(await texts()).toHaveLength(5);
    expect((await brain.recall("apples", { bankId, maxResults: 9 })).hits).toHaveLength(5);
    expect(await brain.runLifecycle(bankId)).toMatchObject({ archivedCount: 1, deletedCount: 0 });
  });

  it("are forgotten instead of archived where that is asked for", async () => {
    const { brain, texts } = await agedBrain();
    const result = await brain.runLifecycle(bankId, { archiveMode: "delete" });
    expect(result).toEqual({ archivedCount: 1, archiveIds: [], deletedCount: 2, skippedCount: 4 });
    expect(await texts()).toHaveLength(4);
  });

  it("all stay under a legal hold, and where it is off", async () => {
    const held = await agedBrain();
    await held.brain.setLegalHold(bankId, "case");
    const options = { archiveMode: "delete" as const };
    expect(await held.brain.runLifecycle(bankId, options)).toMatchObject({
      deletedCount: 0,
      skippedCount: 6,
    });
    const off = await agedBrain(false);
    expect(await off.brain.runLifecycle(bankId, options)).toMatchObject({
      deletedCount: 0,
      skippedCount: 0,
    });
    expect(await off.texts()).toHaveLength(6);
  });

  it("are an admin's affair, and the mode one of two", async () => {
    const { brain } = await agedBrain();
    const mode: object = { archiveMode: "burn" };
    await expect(brain.runLifecycle(bankId, mode)).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
    const guarded = createBrain({
      config: {
        access_control: { enabled: true, default_policy: "deny" },
        lifecycle: { enabled: true, ttl },
      },
    });
    await expect(
      guarded.brain.runLifecycle(bankId, { context: { principal: "user:ann" } }),
    ).rejects.toMatchObject({ code: "ASTROCYTE_ACCESS_DENIED" });
  });
});
