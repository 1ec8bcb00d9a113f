import { cosineSimilarity, type VectorItem } from "astrocyte";
import { Client } from "pg";
import { describe, expect, it, vi } from "vitest";
import { item, startWithVectors, useServer } from "./support.js";

const workspace = useServer(startWithVectors);

const dimension = 16;

/** Repeatable numbers in `[-1, 1)`. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function vectorOf(next: () => number): number[] {
  return Array.from({ length: dimension }, next);
}

const banks = 40;

function corpus(): VectorItem[] {
  const next = numbers(7);
  return Array.from({ length: 2000 }, (_, index) =>
    item(`m${index}`, {
      bankId: `bank-${index % banks}`,
      vector: vectorOf(next),
      tags: Math.floor(index / banks) % 5 === 0 ? ["rare"] : [],
    }),
  );
}

const hnsw = { search: "hnsw", dimension } as const;

describe("searching with an index", () => {
  it("finds as many as there are in a bank, and nearly the nearest", async () => {
    const { open, query } = await workspace();
    const store = await open(hnsw);
    const items = corpus();
    await store.storeVectors(items);
    // The rows of a bank could be found otherwise, and ordered; what is to be shown is what the index does.
    await query(
      `ALTER TABLE $schema.astrocyte_memories DROP CONSTRAINT astrocyte_memories_bank_id_id_key`,
    );
    await query("DROP INDEX $schema.astrocyte_memories_recent");
    // In PGlite this holds for the store too.
    await query("SET enable_seqscan = off");
    const statements = vi.spyOn(Client.prototype, "query");
    const exactSearches = () =>
      statements.mock.calls.filter(([sql]) => sql.includes("WITH best")).length;
    const next = numbers(11);
    let found = 0;
    let expected = 0;
    for (let bank = 0; bank < banks; bank += 1) {
      const bankId = `bank-${bank}`;
      const wanted = vectorOf(next);
      const nearest = items
        .filter((one) => one.bankId === bankId)
        .map(({ id, vector }) => ({ id, score: cosineSimilarity(wanted, vector) }))
        .toSorted((a, b) => b.score - a.score);
      for (const limit of [1, 10, 50]) {
        const hits = await store.searchSimilar(wanted, { bankId, limit });
        expect(hits).toHaveLength(limit);
        const scores = hits.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        const ids = new Set(hits.map(({ id }) => id));
        const best = nearest.slice(0, limit);
        found += best.filter(({ id }) => ids.has(id)).length;
        expected += best.length;
      }
      // The index alone has found them; what it might miss is looked for only where there are too few.
      expect(exactSearches()).toBe(bank);
      expect(await store.searchSimilar(wanted, { bankId, limit: 80 })).toHaveLength(50);
      expect(exactSearches()).toBe(bank + 1);
      const rare = await store.searchSimilar(wanted, { bankId, filters: { tags: ["rare"] } });
      expect(rare).toHaveLength(10);
    }
    expect(found / expected).toBeGreaterThan(0.98);

    statements.mockRestore();

    // Without the iterative scan the index would have stopped too early.
    const plain = await query(
      `SELECT m.id FROM $schema.astrocyte_memories m WHERE m.bank_id = 'bank-1' AND m.embedding IS NOT NULL
        ORDER BY m.embedding::vector(${dimension}) <=> $1 LIMIT 10`,
      [JSON.stringify(items[1]?.vector)],
    );
    await query("RESET enable_seqscan");
    expect(plain.length).toBeLessThan(10);
  });

  it("finds vectors that the index leaves out, and memories stored before there was one", async () => {
    const { open } = await workspace();
    const before = await open();
    await before.storeVectors([
      item("same", { vector: [1, 0] }),
      item("zero", { vector: [0, 0] }),
      item("none", { vector: [] }),
    ]);
    await before.close();
    const store = await open({ search: "hnsw" });
    const hits = await store.searchSimilar([1, 0], { bankId: "bank" });
    expect(hits.map(({ id, score }) => [id, score])).toEqual([
      ["same", 1],
      ["zero", 0],
    ]);
  });

  it("is refused without a dimension, and for one beyond its bound", async () => {
    const { open } = await workspace();
    await expect(open({ search: "hnsw" })).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
      message: expect.stringContaining("needs dimension"),
    });
    await expect(open({ search: "hnsw", dimension: 3072 })).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
      message: expect.stringContaining("use exact"),
    });
    // Nothing of the refused schemas is left that would stand in the way.
    const store = await open({ search: "hnsw", dimension: 2 });
    await store.storeVectors([item("a", { vector: [1, 0] })]);
    expect(await store.searchSimilar([1, 0], { bankId: "bank" })).toHaveLength(1);
  });
});
