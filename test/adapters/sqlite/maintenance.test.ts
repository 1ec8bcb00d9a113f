import { readdir, readFile, writeFile } from "node:fs/promises";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { findDamage, item, query, useWorkspace } from "./support.js";

const workspace = useWorkspace();
const bank = { bankId: "bank" };
const letters = "bcdfghklmnprstvz";

/** A word that no other memory has, so that the index has many pages and each begins with one. */
function word(at: number, salt: string): string {
  const digits = (at * 7919 + 104_729).toString(16);
  return `zq${digits.replaceAll(/./g, (digit) => letters[Number.parseInt(digit, 16)] ?? "")}${salt}`;
}

/** Every file of a folder as bytes: the database, its log, and the log's index. */
async function filesOf(directory: string): Promise<Buffer> {
  const names = await readdir(directory);
  return Buffer.concat(await Promise.all(names.map((name) => readFile(`${directory}/${name}`))));
}

const count = 2000;
const texts = Array.from(
  { length: count },
  (_, at) => `${word(at, "a")} ${word(at, "e")} ${word(at, "i")} said ${"so ".repeat(at % 50)}`,
);
const forgotten = Array.from({ length: count }, (_, at) => at).filter((at) => at % 3 !== 0);

/** Words of forgotten texts that any file still holds, as a whole or by their beginning, by which an index may name a page. */
function traces(files: Buffer): string[] {
  return forgotten
    .flatMap((at) => ["a", "e", "i"].map((salt) => word(at, salt)))
    .filter((one) => files.includes(one));
}

describe("compacting", () => {
  it(
    "leaves nothing of what was forgotten or replaced in any file",
    { timeout: 60_000 },
    async () => {
      const { directory, file, open } = await workspace();
      const store = await open();
      const reader = await open();
      for (let at = 0; at < count; at += 100) {
        await store.storeVectors(
          texts.slice(at, at + 100).map((text, place) => item(`m${at + place}`, { text })),
        );
      }
      expect(await store.needsCompaction()).toBe(false);
      expect(traces(await filesOf(directory)).length).toBeGreaterThan(forgotten.length);
      for (const [place, at] of forgotten.entries()) {
        if (place % 2 === 0) await store.storeVectors([item(`m${at}`, { text: "replaced" })]);
      }
      await store.delete(
        forgotten.filter((_, place) => place % 2 === 1).map((at) => `m${at}`),
        bank,
      );
      // Overwriting alone leaves some: the directory of the index's pages, and rows that were moved.
      expect(traces(await filesOf(directory))).not.toEqual([]);
      expect(await store.needsCompaction()).toBe(true);
      expect(await reader.needsCompaction()).toBe(true);
      await store.compact();
      expect(await reader.needsCompaction()).toBe(false);
      expect(traces(await filesOf(directory))).toEqual([]);
      const [kept = ""] = texts;
      expect((await store.searchFulltext(kept, bank))[0]?.documentId).toBe("m0");
      expect(await reader.listVectors({ ...bank, limit: count })).toHaveLength(
        count - Math.floor(forgotten.length / 2),
      );
      expect(await findDamage(file())).toEqual([]);
    },
  );

  it("says so when a reader keeps the log, and stays due", async () => {
    const { directory, file, open } = await workspace();
    const store = await open({ path: file(), busy_timeout_ms: 100 });
    await store.storeVectors([item("a", { text: texts[1] ?? "" }), item("b")]);
    const other = createClient({ url: `file:${file()}` });
    const reading = await other.transaction("read");
    await reading.execute("SELECT count(*) FROM astrocyte_memories");
    await store.delete(["a"], bank);
    await expect(store.compact()).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
      message: expect.stringContaining("another process keeps reading"),
    });
    expect(await store.needsCompaction()).toBe(true);
    await reading.rollback();
    other.close();
    await store.compact();
    expect(await store.needsCompaction()).toBe(false);
    expect(traces(await filesOf(directory))).toEqual([]);
  });
});

describe("a backup", () => {
  it("is a whole database of one moment, without what was erased before", async () => {
    const { directory, file, open } = await workspace();
    const store = await open();
    await store.storeVectors([item("a", { text: texts[1] ?? "" }), item("b")]);
    await store.delete(["a"], bank);
    await store.backup(file("copy.db"));
    await store.storeVectors([item("c")]);
    expect(traces(await readFile(file("copy.db")))).toEqual([]);
    const copy = await open({ path: file("copy.db") });
    expect(await copy.listVectors(bank)).toEqual([item("b")]);
    expect(await copy.checkIntegrity()).toEqual([]);
    await expect(store.backup(file("copy.db"))).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
    await expect(store.backup(file("nowhere/copy.db"))).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
    });
    expect(await readdir(directory)).not.toContain("copy.db.partial");
  });
});

describe("the integrity check", () => {
  it("finds a full-text index that disagrees, which compacting mends", async () => {
    const { file, open } = await workspace();
    const store = await open();
    await store.storeVectors([item("a"), item("b")]);
    expect(await store.checkIntegrity()).toEqual([]);
    await query(file(), "DROP TRIGGER astrocyte_memories_updated");
    await query(file(), "UPDATE astrocyte_memories SET text = 'other words' WHERE id = 'a'");
    expect(await store.checkIntegrity()).toEqual([expect.stringContaining("full-text")]);
    await store.compact();
    expect(await store.checkIntegrity()).toEqual([]);
  });

  it("finds a damaged page", async () => {
    const { file, open } = await workspace();
    const store = await open();
    await store.storeVectors(
      Array.from({ length: 300 }, (_, at) => item(`m${at}`, { text: "word ".repeat(100) })),
    );
    await store.close();
    const bytes = await readFile(file());
    bytes.fill(7, bytes.length - 3 * 4096, bytes.length - 2 * 4096);
    await writeFile(file(), bytes);
    const again = await open();
    const problems = await again.checkIntegrity().catch((error: unknown) => [error]);
    expect(problems).not.toEqual([]);
  });
});
