import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "b";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-index-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const texts = async (brain: ReturnType<typeof createBrain>["brain"], query = "tea") =>
  (await brain.recall(query, { bankId })).hits.map(({ text }) => text).toSorted();

/** A brain with a bank of six pages, and a recall that has read them and is still building the index. */
async function startBuilding() {
  const made = createBrain({ config: { signal_quality: { dedup: { enabled: false } } } });
  const { brain, vectorStore } = made;
  const facts = Array.from({ length: 1_100 }, (_, at) => ({ content: `fact ${at}` }));
  const stored = await brain.retainMany(facts, { bankId });
  const listVectors = vectorStore.listVectors.bind(vectorStore);
  const seen = { pages: 0, isBuilt: false };
  vectorStore.listVectors = (options) => {
    seen.pages += 1;
    return listVectors(options);
  };
  const giveUp = new AbortController();
  const recalling = brain.recall("fact 7", { bankId, signal: giveUp.signal });
  recalling.then(
    () => (seen.isBuilt = true),
    () => {},
  );
  while (seen.pages < 6) await nextTurn();
  await nextTurn();
  return { ...made, stored, seen, giveUp, recalling };
}

describe("recall by the index", () => {
  it("sees what another brain did to the same store object", async () => {
    const one = createBrain();
    const other = createBrain({ vectorStore: one.vectorStore, documentStore: one.documentStore });
    await one.brain.retain("green tea", { bankId });
    expect(await texts(one.brain)).toEqual(["green tea"]);
    const { memoryId = "" } = await other.brain.retain("black tea", { bankId });
    expect(await texts(one.brain)).toEqual(["black tea", "green tea"]);
    await other.brain.forget({ bankId, memoryIds: [memoryId] });
    expect(await texts(one.brain)).toEqual(["green tea"]);
    await other.brain.forget({ bankId, scope: "all" });
    expect(await texts(one.brain)).toEqual([]);
  });

  it("sees what another connection and another process did to the same file", async () => {
    const path = join(folder, "shared.db");
    const stores = [await createSqliteStore({ path }), await createSqliteStore({ path })];
    const [one, other] = stores.map((store) =>
      createBrain({ vectorStore: store, documentStore: store, graphStore: store }),
    );
    if (one === undefined || other === undefined) throw new Error("two brains");
    await one.brain.retain("green tea", { bankId });
    expect(await texts(one.brain)).toEqual(["green tea"]);
    await other.brain.retain("black tea", { bankId });
    expect(await texts(one.brain)).toEqual(["black tea", "green tea"]);
    await one.brain.retain("white tea", { bankId });
    expect(await texts(one.brain)).toHaveLength(3);
    const script = `
      const { createClient } = require("@libsql/client");
      createClient({ url: "file:${path}" }).execute("DELETE FROM astrocyte_memories WHERE text = 'black tea'");`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(await texts(one.brain)).toEqual(["green tea", "white tea"]);
    for (const store of stores) await store.close?.();
  });

  it("reads the bank once, however many ask at the same time, and not again for its own writes", async () => {
    const { brain, vectorStore } = createBrain();
    const listVectors = vectorStore.listVectors.bind(vectorStore);
    let pages = 0;
    vectorStore.listVectors = (options) => {
      pages += 1;
      return listVectors(options);
    };
    await brain.retain("green tea", { bankId });
    await Promise.all(Array.from({ length: 8 }, () => brain.recall("tea", { bankId })));
    expect(pages).toBe(1);
    await brain.retain("black tea", { bankId });
    await brain.retain("another bank's tea", { bankId: "other" });
    expect(await texts(brain)).toEqual(["black tea", "green tea"]);
    expect(pages).toBe(1);
  });

  it("lets others run while it builds, and loses nothing that they write", async () => {
    const { brain, stored, seen, recalling } = await startBuilding();
    await brain.retain("green tea", { bankId });
    await brain.forget({ bankId, memoryIds: [stored[7]?.memoryId ?? ""] });
    expect(seen.isBuilt).toBe(false);
    // Those of the forget, too.
    const { pages } = seen;
    expect((await recalling).hits.map(({ text }) => text)).not.toContain("fact 7");
    expect((await brain.recall("green tea", { bankId })).hits[0]?.text).toBe("green tea");
    const { hits } = await brain.recall("fact 7", { bankId, maxResults: 50 });
    expect(hits.map(({ text }) => text)).not.toContain("fact 7");
    expect(seen.pages).toBe(pages);
  });

  it("builds again when the store changed meanwhile without it", async () => {
    const { vectorStore, documentStore, brain, seen, recalling } = await startBuilding();
    await createBrain({ vectorStore, documentStore }).brain.retain("green tea", { bankId });
    expect(seen).toEqual({ pages: 6, isBuilt: false });
    await recalling;
    expect(seen.pages).toBe(12);
    expect((await brain.recall("green tea", { bankId })).hits[0]?.text).toBe("green tea");
  });

  it("lets a caller go who gives up, and builds on for the others", async () => {
    const { brain, seen, giveUp, recalling } = await startBuilding();
    const other = brain.recall("fact 8", { bankId });
    const gone: string[] = [];
    void recalling.catch(() => gone.push("the one who gave up"));
    void other.then(() => gone.push("the other"));
    giveUp.abort(new Error("enough"));
    await nextTurn();
    expect(gone).toEqual(["the one who gave up"]);
    await expect(recalling).rejects.toThrow("enough");
    expect((await other).hits[0]?.text).toBe("fact 8");
    expect(seen.pages).toBe(6);
  });

  it("asks the stores when the bank cannot be read", async () => {
    const { brain, vectorStore, warnings } = createBrain();
    await brain.retain("green tea", { bankId });
    vectorStore.listVectors = () => Promise.reject(new Error("boom"));
    expect(await texts(brain)).toEqual(["green tea"]);
    expect(warnings).toEqual(["astrocyte.recall.index_failed"]);
  });

  it("never gives back what was forgotten, and loses nothing that was kept, whatever overlaps", async () => {
    const step = fc.record({
      act: fc.constantFrom("retain", "forget", "recall", "clear"),
      which: fc.integer({ min: 0, max: 5 }),
      waits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25, size: "max" }), async (steps) => {
        const { brain } = createBrain({
          config: { signal_quality: { dedup: { enabled: false } } },
        });
        const kept = new Map<string, string>();
        const running: Promise<unknown>[] = [];
        for (const { act, which, waits } of steps) {
          const settle = async () => void (await Promise.all(running.splice(0)));
          const text = `tea ${which}`;
          if (act === "recall") {
            running.push(brain.recall("tea", { bankId }));
            continue;
          }
          // What is known at the end must not depend on which of two writes came last.
          await settle();
          if (act === "retain") {
            const { memoryId = "" } = await brain.retain(text, { bankId, idempotencyKey: text });
            kept.set(text, memoryId);
          } else if (act === "forget") {
            const memoryIds = [kept.get(text) ?? "none"];
            kept.delete(text);
            const forgetting = brain.forget({ bankId, memoryIds });
            if (waits) await forgetting;
            else running.push(forgetting);
          } else {
            kept.clear();
            await brain.forget({ bankId, scope: "all" });
          }
        }
        await Promise.all(running);
        const { hits } = await brain.recall("tea", { bankId, maxResults: 50 });
        expect(hits.map(({ text }) => text).toSorted()).toEqual([...kept.keys()].toSorted());
      }),
      { numRuns: 150 },
    );
  });
});
