import { describe, expect, it } from "vitest";
import { InvalidArgumentError, LegalHoldActiveError, StorageError } from "../../src/errors.js";
import { assertDeletable } from "../../src/policy/legal-hold.js";
import { createInMemoryLegalHoldStore } from "../../src/testing/in-memory-legal-hold-store.js";

const setAt = "2026-01-01T00:00:00+00:00";
const hold = (bankId: string, holdId: string) => ({
  bankId,
  holdId,
  reason: "case 7",
  setBy: "user:root",
  setAt,
});

describe("assertDeletable", () => {
  it("refuses with the hold that was set first, until all are released", async () => {
    const store = createInMemoryLegalHoldStore();
    await store.setHold(hold("b", "h2"));
    await store.setHold(hold("b", "h1"));
    await store.setHold({ ...hold("b", "h2"), reason: "extended" });
    const check = () => assertDeletable(store, "b");
    await expect(check()).rejects.toThrow(new LegalHoldActiveError("b", "h2"));
    expect(await store.releaseHold("b", "h2")).toBe(true);
    await expect(check()).rejects.toThrow(new LegalHoldActiveError("b", "h1"));
    expect(await store.releaseHold("b", "h1")).toBe(true);
    expect(await store.releaseHold("b", "h1")).toBe(false);
    await expect(check()).resolves.toBeUndefined();
  });

  it("looks at the one bank", async () => {
    const store = createInMemoryLegalHoldStore();
    await store.setHold(hold("b", "h"));
    await expect(assertDeletable(store, "b2")).resolves.toBeUndefined();
    expect(await store.releaseHold("b2", "h")).toBe(false);
  });

  it("refuses when the store fails or the call is aborted", async () => {
    const store = createInMemoryLegalHoldStore();
    const broken = { ...store, listHolds: () => Promise.reject(new StorageError("disk")) };
    await expect(assertDeletable(broken, "b")).rejects.toThrow(StorageError);
    const reason = new Error("enough");
    const aborted = assertDeletable(store, "b", { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
  });
});

describe("the hold store in memory", () => {
  it("gives copies, and refuses what is no hold", async () => {
    const store = createInMemoryLegalHoldStore();
    await store.setHold(hold("b", "h"));
    const [first] = await store.listHolds("b");
    Object.assign(first ?? {}, { holdId: "changed" });
    expect(await store.listHolds("b")).toEqual([hold("b", "h")]);
    for (const fault of [{ holdId: "" }, { bankId: "" }, { setAt: "yesterday" }]) {
      const set = store.setHold({ ...hold("b", "h"), ...fault });
      await expect(set).rejects.toThrow(InvalidArgumentError);
    }
  });

  it("takes no options", () => {
    expect(() => createInMemoryLegalHoldStore({ path: "x" })).toThrow("unknown option path");
  });
});
