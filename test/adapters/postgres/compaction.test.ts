import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import { describe, expect, it } from "vitest";
import { item, noRealServer, startReal, startWithVectors, useServer } from "./support.js";

const bank = { bankId: "bank" };
const canary = "xyzzycanary";

describe("the mark of erased text", () => {
  const workspace = useServer(startWithVectors);

  it("is set by whatever takes text away, and by nothing else", async () => {
    const { open } = await workspace();
    const store = await open();
    const draft = { modelId: "m", title: "t", content: "c", scope: "s", kind: "general" };
    const entity = { id: "e", name: "n", entityType: "o", mentionCount: 1 };
    const fill = async (): Promise<void> => {
      await store.storeVectors([item("a"), item("b")]);
      await store.storeDocument({ id: "d", text: "d" }, bank);
      await store.storeEntities([entity], bank);
      await store.linkMemoriesToEntities([{ memoryId: "a", entityId: "e" }], bank);
      await store.upsertModel(draft, bank);
    };
    await fill();
    await store.delete(["nobody"], bank);
    await store.clearBank({ bankId: "unknown" });
    expect(await store.needsCompaction()).toBe(false);
    const erasures = [
      () => store.delete(["a"], bank),
      () => store.storeVectors([item("b", { text: "another" })]),
      () => store.deleteDocuments(["d"], bank),
      () => store.removeMemories(["a"], bank),
      () => store.clearBank(bank),
      () => store.deleteModel("m", bank),
      () => store.clearModels(bank),
    ];
    for (const erase of erasures) {
      await fill();
      await store.compact();
      expect(await store.needsCompaction()).toBe(false);
      await erase();
      expect(await (await open()).needsCompaction()).toBe(true);
    }
    await fill();
    expect(await store.listVectors(bank)).toHaveLength(2);
    expect(await store.searchFulltext("text", bank)).toHaveLength(2);
  });
});

async function filesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), "latin1").catch(() => "")),
  );
  return contents.join("");
}

describe.skipIf(noRealServer !== undefined)(
  "compacting (skipped where PostgreSQL is not installed)",
  () => {
    it("leaves nothing of erased text in the files of tables and indexes", async () => {
      const server = await startReal();
      const admin = new Client({ connectionString: server.url });
      await admin.connect();
      const files = async (): Promise<string> => {
        await admin.query("CHECKPOINT");
        return filesBelow(join(server.folder, "base"));
      };
      const store = await createPostgresStore({ url: server.url });
      await store.storeVectors([
        item("secret", { vector: [], text: `the ${canary} sings`, tags: [canary] }),
        item("replaced", { vector: [], text: `another ${canary}` }),
        item("kept", { vector: [], text: "something else" }),
      ]);
      await store.storeEntities(
        [{ id: "e", name: canary, entityType: "OTHER", mentionCount: 1 }],
        bank,
      );
      await store.linkMemoriesToEntities([{ memoryId: "secret", entityId: "e" }], bank);
      expect(await files()).toContain(canary);
      await store.delete(["secret"], bank);
      await store.storeVectors([item("replaced", { vector: [], text: "new words" })]);
      // Deleting alone leaves it there, which is what compacting is for.
      expect(await files()).toContain(canary);
      expect(await store.needsCompaction()).toBe(true);
      await store.compact();
      expect(await store.needsCompaction()).toBe(false);
      expect(await files()).not.toContain(canary);
      expect(await store.searchFulltext("words", bank)).toHaveLength(1);

      await admin.query("CREATE ROLE app LOGIN; GRANT USAGE ON SCHEMA astrocyte TO app");
      await admin.query(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA astrocyte TO app",
      );
      const asApp = await createPostgresStore({ url: server.url.replace("postgres@", "app@") });
      await asApp.delete(["replaced"], bank);
      await expect(asApp.compact()).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
        message: expect.stringContaining("owner"),
      });
      expect(await asApp.needsCompaction()).toBe(true);
      await asApp.close();
      await store.close();
      await admin.end();
      await server.stop();
    });
  },
);
