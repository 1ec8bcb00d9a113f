import { assertProvider } from "astrocyte";
import { assertDeletable } from "astrocyte/policy";
import { describe, expect, it } from "vitest";
import { item, type StoreWorkspace } from "./open-store.js";

export const hold = (bankId: string, holdId: string, reason = "case 7") => ({
  bankId,
  holdId,
  reason,
  setBy: "user:root",
  setAt: "2026-01-02T03:04:05.678000+00:00",
});

export function legalHoldTests(workspace: StoreWorkspace): void {
  describe("legal holds", () => {
    it("survive a restart, in the order in which they were first set", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.setHold(hold("bank", "h2"));
      await store.setHold(hold("bank", "h1"));
      await store.setHold(hold("other", "h3"));
      await store.setHold(hold("bank", "h2", "extended"));
      await store.close();

      const reopened = await open();
      assertProvider(reopened, "LegalHoldStore", "sqlite");
      expect(await reopened.listHolds("bank")).toEqual([
        hold("bank", "h2", "extended"),
        hold("bank", "h1"),
      ]);
      await expect(assertDeletable(reopened, "bank")).rejects.toMatchObject({
        code: "ASTROCYTE_LEGAL_HOLD_ACTIVE",
        holdId: "h2",
      });
      expect(await reopened.releaseHold("bank", "h2")).toBe(true);
      expect(await reopened.releaseHold("bank", "h2")).toBe(false);
      expect(await reopened.releaseHold("bank", "h3")).toBe(false);
      await reopened.close();
      expect(await (await open()).listHolds("bank")).toEqual([hold("bank", "h1")]);
    });

    it("are seen by another connection at once", async () => {
      const { open } = await workspace();
      const [first, second] = [await open(), await open()];
      await first.setHold(hold("bank", "h"));
      await expect(assertDeletable(second, "bank")).rejects.toMatchObject({ holdId: "h" });
    });

    it("outlast whatever is deleted from their bank", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.storeVectors([item("a"), item("b")]);
      await store.setHold(hold("bank", "h"));
      await store.delete(["a"], { bankId: "bank" });
      await store.deleteDocuments(["b"], { bankId: "bank" });
      await store.removeMemories(["a"], { bankId: "bank" });
      await store.clearBank({ bankId: "bank" });
      expect(await store.listHolds("bank")).toEqual([hold("bank", "h")]);
    });

    it("refuse what is no hold, and ids that the store could not keep", async () => {
      const { open } = await workspace();
      const store = await open();
      const invalid = { code: "ASTROCYTE_INVALID_ARGUMENT" };
      await expect(store.setHold({ ...hold("bank", ""), setAt: "soon" })).rejects.toMatchObject(
        invalid,
      );
      await expect(store.setHold(hold("bank", "h\0"))).rejects.toMatchObject(invalid);
      await expect(store.setHold(hold("ban\ud800", "h"))).rejects.toMatchObject(invalid);
      await expect(store.listHolds("bank\0")).rejects.toMatchObject(invalid);
      expect(await store.listHolds("bank")).toEqual([]);
    });

    it("reject with the reason of an aborted signal, and change nothing", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.setHold(hold("bank", "h"));
      const reason = new Error("enough");
      const options = { signal: AbortSignal.abort(reason) };
      await expect(store.setHold(hold("bank", "h2"), options)).rejects.toBe(reason);
      await expect(store.releaseHold("bank", "h", options)).rejects.toBe(reason);
      await expect(store.listHolds("bank", options)).rejects.toBe(reason);
      expect(await store.listHolds("bank")).toEqual([hold("bank", "h")]);
    });

    it("find no store after it is closed", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.close();
      await expect(store.listHolds("bank")).rejects.toMatchObject({ code: "ASTROCYTE_CLOSED" });
    });
  });
}
