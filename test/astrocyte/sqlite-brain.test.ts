import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { Astrocyte, matchesFilters, toTimestamp, type FromConfigOptions } from "astrocyte";
import { HashedEmbeddings } from "astrocyte/testing";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";

const bankId = "user-1";
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-brain-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, "memory.db");
const hashed: FromConfigOptions = { providers: { embeddings: new HashedEmbeddings() } };
const open = (document: object = {}, options = hashed) =>
  Astrocyte.fromConfig(
    { vector_store: "sqlite", vector_store_config: { path: path() }, ...document },
    options,
  );

/** Every value of every table as text, the full-text index among them. */
async function dump(): Promise<string> {
  const client = createClient({ url: `file:${path()}` });
  const tables = await client.execute("SELECT name FROM sqlite_master WHERE type = 'table'");
  let text = "";
  for (const { name } of tables.rows) {
    const { rows } = await client.execute(`SELECT * FROM "${z.string().parse(name)}"`);
    text += rows
      .map((row) =>
        Object.values(row)
          .map((value) =>
            value instanceof ArrayBuffer ? Buffer.from(value).toString("latin1") : String(value),
          )
          .join(" "),
      )
      .join("\n");
  }
  client.close();
  return text;
}

async function cachedEmbeddings(): Promise<number> {
  const client = createClient({ url: `file:${path()}` });
  const { rows } = await client.execute("SELECT count(*) FROM astrocyte_embeddings");
  client.close();
  return Number(rows[0]?.[0]);
}

describe("a brain on a SQLite file", () => {
  it("remembers across restarts, by all strategies", async () => {
    {
      await using brain = await open();
      await brain.retain("Calvin prefers dark mode", { bankId, tags: ["pref"] });
    }
    await using brain = await open();
    const { hits } = await brain.recall("Which mode does Calvin prefer?", {
      bankId,
      tags: ["pref"],
    });
    expect(hits[0]).toMatchObject({
      text: "Calvin prefers dark mode",
      strategies: ["semantic", "keyword"],
    });
  });

  it("answers a changed embedding model clearly, on writing and on reading, and loses nothing", async () => {
    {
      await using brain = await open();
      await brain.retain("Calvin prefers dark mode", { bankId });
    }
    {
      await using brain = await open(
        {},
        { providers: { embeddings: new HashedEmbeddings({ dimension: 64 }) } },
      );
      const mismatch = {
        code: "ASTROCYTE_DIMENSION_MISMATCH",
        expectedDimension: 128,
        actualDimension: 64,
      };
      await expect(brain.retain("more", { bankId })).rejects.toMatchObject(mismatch);
      await expect(brain.recall("dark mode", { bankId })).rejects.toMatchObject(mismatch);
    }
    await using brain = await open();
    expect((await brain.recall("dark mode", { bankId })).totalAvailable).toBe(1);
  });

  it("works by words and recency without embeddings", async () => {
    await using brain = await open({}, {});
    await brain.retain("Calvin prefers dark mode", { bankId });
    expect((await brain.recall("dark modes", { bankId })).hits[0]?.strategies).toEqual(["keyword"]);
  });

  it(
    "caches local embeddings in the file, and forgets them with their memory",
    { timeout: 60_000 },
    async () => {
      await using brain = await open({ embedding_provider: "local" }, {});
      await brain.retain("The canary sings at noon", { bankId });
      await brain.retain("The canary sings at noon", { bankId: "user-2" });
      expect(await cachedEmbeddings()).toBe(1);
      expect(
        (await brain.recall("When does the bird sing?", { bankId })).hits[0]?.strategies,
      ).toContain("semantic");
      expect(await cachedEmbeddings()).toBe(1);
      await brain.forget({ bankId, scope: "all" });
      expect(await cachedEmbeddings()).toBe(1);
      await brain.forget({ bankId: "user-2", scope: "all" });
      expect(await cachedEmbeddings()).toBe(0);
    },
  );

  it.each<[string, (ids: string[]) => object]>([
    ["ids", (memoryIds) => ({ memoryIds })],
    ["a tag", () => ({ tags: ["x"] })],
    ["a date", () => ({ beforeDate: "2026-01-02" })],
    ["everything", () => ({ scope: "all" })],
  ])("keeps no trace of what was forgotten by %s in any table", async (_name, selector) => {
    await using brain = await open();
    const { memoryIds = [] } = await brain.retain("zyxcanary flies south", {
      bankId,
      tags: ["x"],
      occurredAt: "2026-01-01",
    });
    await brain.retain("a neighbour stays", {
      bankId: "user-2",
      tags: ["x"],
      occurredAt: "2026-01-01",
    });
    expect(await dump()).toContain("zyxcanary");
    expect(await brain.forget({ bankId, ...selector(memoryIds) })).toMatchObject({
      deletedCount: 1,
    });
    const left = await dump();
    expect(left).not.toContain("zyxcanari");
    expect(left).not.toContain("zyxcanary");
    expect(left).not.toContain(memoryIds[0]);
    expect(left).toContain("a neighbour stays");
    expect((await brain.recall("zyxcanary flies south", { bankId })).hits).toEqual([]);
  });

  it("returns only hits that satisfy every filter", async () => {
    await using brain = await open();
    const tag = fc.constantFrom("a", "b", "A");
    const day = fc.integer({ min: 1, max: 28 }).map((n) => toTimestamp(Date.UTC(2026, 4, n)));
    const memory = fc.record({
      content: fc.constantFrom("dark mode", "light mode", "dark night", "something else"),
      tags: fc.option(fc.array(tag), { nil: undefined }),
      occurredAt: fc.option(day, { nil: undefined }),
      metadata: fc.option(fc.record({ session_id: fc.constantFrom("s1", "s2") }), {
        nil: undefined,
      }),
    });
    const filters = fc.record({
      tags: fc.option(fc.array(tag), { nil: undefined }),
      timeRange: fc.option(fc.tuple(day, day), { nil: undefined }),
      sessionId: fc.option(fc.constantFrom("s1", "s3"), { nil: undefined }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(memory, { maxLength: 12 }), filters, async (memories, wanted) => {
        run += 1;
        const bank = `bank-${run}`;
        await brain.retainMany(memories, { bankId: bank });
        const expected = memories.filter(({ metadata, ...rest }) =>
          matchesFilters({ ...rest, metadata }, wanted),
        );
        const { hits } = await brain.recall("dark mode", {
          bankId: bank,
          maxResults: 50,
          ...wanted,
        });
        for (const hit of hits) expect(matchesFilters(hit, wanted)).toBe(true);
        // Recency lists every memory, so none that matches may be missing either.
        expect(hits).toHaveLength(expected.length);
      }),
      { numRuns: 60 },
    );
  });
});
