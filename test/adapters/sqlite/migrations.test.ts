import { copyFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findDamage, item, query, useWorkspace } from "./support.js";

const workspace = useWorkspace();
const bank = { bankId: "bank" };
const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));

/** Every version that a release wrote, with the file that it wrote. */
const versions = [1, 2, 3];

async function schema(file: string): Promise<unknown[]> {
  const rows = await query(file, "SELECT type, name, sql FROM sqlite_master ORDER BY type, name");
  return rows.map(({ type, name, sql }) => [
    type,
    name,
    typeof sql === "string" ? sql.replaceAll(/\s+/g, " ") : sql,
  ]);
}

describe("a file of an earlier release", () => {
  it("is kept of every version", async () => {
    const { file, open } = await workspace();
    await open();
    const [row] = await query(
      file(),
      "SELECT value FROM astrocyte_meta WHERE key = 'schema_version'",
    );
    const files = (await readdir(fixtures)).filter((name) => name.endsWith(".db"));
    expect(files.toSorted()).toEqual(versions.map((version) => `version-${version}.db`));
    expect(Number(row?.["value"])).toBe(versions.length + 1);
  });

  it.each(versions)("of version %i opens with everything in it", async (version) => {
    const { file, open } = await workspace();
    await copyFile(`${fixtures}version-${version}.db`, file());
    const store = await open();
    const [tea] = await store.getByIds(["tea"], bank);
    expect(tea).toEqual({
      id: "tea",
      bankId: "bank",
      vector: [1, 0, 0],
      text: "Ann drinks green tea",
      tags: ["drink"],
      metadata: { person: "Ann" },
      occurredAt: "2026-01-02T00:00:00+00:00",
      retainedAt: "2026-01-03T00:00:00+00:00",
      factType: "world",
      chunkId: "c1",
    });
    expect((await store.searchFulltext("coffee", bank))[0]?.documentId).toBe("old");
    expect((await store.getDocument("note", bank))?.text).toBe("a document about harbours");
    expect((await store.queryNeighbors(["green"], bank))[0]?.memoryId).toBe("tea");
    expect(await store.findMemoryLinks(["tea"], bank)).toHaveLength(1);
    expect(await store.getEmbeddings("model", ["hash"])).toEqual({ hash: [1, 2, 3] });
    expect(await store.listHolds("other")).toHaveLength(version >= 2 ? 1 : 0);
    expect(await store.listModels(bank)).toHaveLength(version >= 3 ? 1 : 0);
    expect(await store.checkIntegrity()).toEqual([]);

    // And it works like a new one.
    expect(await store.needsCompaction()).toBe(false);
    await store.storeVectors([item("tea", { text: "replaced" })]);
    expect(await store.needsCompaction()).toBe(true);
    expect(await store.delete(["tea", "old"], bank)).toBe(2);
    await store.compact();
    expect(await findDamage(file())).toEqual([]);
  });

  it.each(versions)("of version %i gets the schema of a new one", async (version) => {
    const { file, open } = await workspace();
    await copyFile(`${fixtures}version-${version}.db`, file("old.db"));
    await Promise.all([open({ path: file("old.db") }), open({ path: file("old.db") })]);
    await open({ path: file("new.db") });
    expect(await schema(file("old.db"))).toEqual(await schema(file("new.db")));
  });
});
