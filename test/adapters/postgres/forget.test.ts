import { createHash } from "node:crypto";
import { InvalidArgumentError } from "astrocyte";
import type { PostgresStore } from "astrocyte/adapters/postgres";
import { describe, expect, it } from "vitest";
import { findDamage, item, startWithVectors, useServer, type Workspace } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "bank" };
const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const canary = "xyzzycanary";
const text = `the ${canary} sings`;

async function plant(store: PostgresStore): Promise<void> {
  await store.storeVectors([
    item("secret", { text, tags: [canary], metadata: { note: canary }, chunkId: canary }),
    item("kept", { text: "something else" }),
  ]);
  await store.storeEntities(
    [
      { id: "e", name: canary, entityType: "OTHER", mentionCount: 1 },
      { id: "fresh", name: "not mentioned yet", entityType: "OTHER", mentionCount: 1 },
    ],
    bank,
  );
  await store.storeEntityLink(
    { entityA: "e", entityB: "fresh", linkType: "x", evidence: canary, confidence: 1 },
    bank,
  );
  await store.linkMemoriesToEntities([{ memoryId: "secret", entityId: "e" }], bank);
  await store.storeMemoryLinks(
    [
      {
        sourceMemoryId: "kept",
        targetMemoryId: "secret",
        linkType: "semantic",
        evidence: canary,
        confidence: 1,
        weight: 1,
      },
    ],
    bank,
  );
  await store.putEmbeddings("model", {
    [hash(text)]: [1, 0, 0],
    [hash("something else")]: [0, 1, 0],
  });
}

/** Every cell of every table of the schema. */
async function dump(query: Workspace["query"], schema: string): Promise<string> {
  const tables = await query(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = $1",
    [schema],
  );
  const rows: unknown[] = [];
  for (const { table_name: name } of tables) {
    rows.push(...(await query(`SELECT t::text FROM $schema.${String(name)} t`)));
  }
  return JSON.stringify(rows);
}

describe("forgetting", () => {
  it.each([
    ["delete", (store: PostgresStore) => store.delete(["secret"], bank)],
    ["deleteDocuments", (store: PostgresStore) => store.deleteDocuments(["secret"], bank)],
  ])("%s leaves nothing of a memory in any table", async (_name, forget) => {
    const { open, query, schema } = await workspace();
    const store = await open();
    await plant(store);
    expect(await dump(query, schema)).toContain(canary);

    expect(await forget(store)).toBe(1);
    expect(await dump(query, schema)).not.toContain(canary);
    expect(await store.searchFulltext(canary, bank)).toEqual([]);
    expect(await store.getDocument("secret", bank)).toBeUndefined();
    expect(await store.findMemoryLinks(["kept"], bank)).toEqual([]);
    expect((await store.queryEntities("", bank)).map(({ id }) => id)).toEqual(["fresh"]);
    expect(await store.getEmbeddings("model", [hash(text), hash("something else")])).toEqual({
      [hash("something else")]: [0, 1, 0],
    });
    await store.close();
    expect(await findDamage(query)).toEqual([]);
  });

  it("of a bank removes everything of it and nothing else", async () => {
    const { open, query, schema } = await workspace();
    const store = await open();
    await plant(store);
    await store.storeVectors([item("secret", { bankId: "neighbour", text: "next door" })]);
    await store.storeEntities(
      [{ id: "e", name: "neighbour's", entityType: "OTHER", mentionCount: 1 }],
      { bankId: "neighbour" },
    );
    expect(await store.clearBank(bank)).toBe(2);
    expect(await store.clearBank(bank)).toBe(0);
    expect(await dump(query, schema)).not.toContain(canary);
    expect(await store.queryEntities("", bank)).toEqual([]);
    expect(await store.getEmbeddings("model", [hash("something else")])).toEqual({});
    expect(await store.listVectors({ bankId: "neighbour" })).toHaveLength(1);
    expect(await store.queryEntities("", { bankId: "neighbour" })).toHaveLength(1);
    await store.close();
    expect(await findDamage(query)).toEqual([]);
  });

  it("keeps the cached embedding while any memory has the text", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([
      item("a", { text }),
      item("b", { text }),
      item("c", { text, bankId: "neighbour" }),
    ]);
    await store.putEmbeddings("model", { [hash(text)]: [1, 0, 0] });
    const cached = async () => Object.keys(await store.getEmbeddings("model", [hash(text)])).length;
    await store.delete(["a"], bank);
    expect(await cached()).toBe(1);
    await store.storeVectors([item("b", { text: "replaced" })]);
    expect(await cached()).toBe(1);
    await store.clearBank({ bankId: "neighbour" });
    expect(await cached()).toBe(0);
  });

  it("includes the text that a memory had before it was replaced", async () => {
    const { open, query, schema } = await workspace();
    const store = await open();
    await store.storeVectors([item("a", { text })]);
    await store.putEmbeddings("model", { [hash(text)]: [1, 0, 0] });
    await store.storeVectors([item("a", { text: "replaced" })]);
    expect(await dump(query, schema)).not.toContain(canary);
    expect(await store.getEmbeddings("model", [hash(text)])).toEqual({});
  });
});

describe("the embedding cache", () => {
  it("keeps vectors by model and hash across openings", async () => {
    const { open } = await workspace();
    const first = await open();
    await first.putEmbeddings("m1", { h1: [0.5, 1], h2: [2, 3] });
    await first.putEmbeddings("m2", { h1: [4] });
    await first.putEmbeddings("m1", { h2: [5, 6] });
    await first.putEmbeddings("m1", {});
    await first.close();
    const second = await open();
    expect(await second.getEmbeddings("m1", ["h1", "h2", "h3"])).toEqual({
      h1: [0.5, 1],
      h2: [5, 6],
    });
    expect(await second.getEmbeddings("m2", ["h1", "h2"])).toEqual({ h1: [4] });
    expect(await second.getEmbeddings("m3", [])).toEqual({});
    for (const vector of [[], [Number.NaN], [1e300]]) {
      await expect(second.putEmbeddings("m1", { h9: [1], h8: vector })).rejects.toThrow(
        InvalidArgumentError,
      );
    }
    expect(await second.getEmbeddings("m1", ["h9"])).toEqual({});
  });

  it("drops the oldest entries beyond its bound", async () => {
    const { open, query } = await workspace();
    const store = await open();
    await store.putEmbeddings("m", { old: [1], middle: [2] });
    await query(
      "ALTER TABLE $schema.astrocyte_embeddings ALTER COLUMN sequence RESTART WITH 200002",
    );
    await store.putEmbeddings("m", { recent: [3] });
    expect(await store.getEmbeddings("m", ["old", "middle", "recent"])).toEqual({ recent: [3] });
  });
});
