import type { VectorFilters, VectorHit } from "astrocyte";
import type { SqliteStore } from "astrocyte/adapters/sqlite";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { item, useWorkspace } from "./support.js";

const workspace = useWorkspace();

/** Vectors with equal directions, opposite ones, and none, so that scores tie. */
const vector = fc.constantFrom([1, 0, 0], [2, 0, 0], [0, 1, 0], [0, -1, 0], [1, 1, 0], [0, 0, 0]);
const id = fc.integer({ min: 0, max: 30 }).map((number) => `m${number}`);
const bankId = fc.constantFrom("one", "two");
const tags = fc.constantFrom(["x"], ["y"], ["rare"]);
const by = fc.constantFrom("own" as const, "other" as const);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("store" as const), by, bankId, id, vector, tags }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("undone" as const), by, bankId, id, vector, tags }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), by, bankId, id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const), by, bankId }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function take(store: SqliteStore, change: Step): Promise<void> {
  const bank = { bankId: change.bankId };
  switch (change.kind) {
    case "store":
      await store.storeVectors([
        item(change.id, { ...bank, vector: [...change.vector], tags: [...change.tags] }),
      ]);
      break;
    case "undone":
      await store
        .atomically(async () => {
          await store.storeVectors([
            item(change.id, { ...bank, vector: [...change.vector], tags: [...change.tags] }),
          ]);
          throw new Error("undo");
        })
        .catch(() => "undone");
      break;
    case "delete":
      await store.delete([change.id], bank);
      break;
    case "clear":
    default:
      await store.clearBank(bank);
  }
}

/** No two alike. */
const direction = (at: number) => [Math.sin(at * 7), Math.cos(at * 3), Math.sin(at)];

const rounded = (hits: readonly VectorHit[]) =>
  hits.map(({ score, ...hit }) => ({ ...hit, score: Math.round(score * 1e5) }));

async function searchAll(store: SqliteStore): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const bank of ["one", "two"]) {
    for (const filters of [undefined, { tags: ["x"] }, { tags: ["rare", "y"] }] satisfies (
      | VectorFilters
      | undefined
    )[]) {
      for (const query of [
        [1, 0, 0],
        [0, -1, 0.5],
        [0, 0, 0],
      ]) {
        found.push(rounded(await store.searchSimilar(query, { bankId: bank, limit: 4, filters })));
      }
    }
  }
  return found;
}

describe("searching in memory", () => {
  it(
    "finds what SQL finds, whoever changes the file and however",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
          const { file, open } = await workspace();
          const own = await open();
          const other = await open();
          const plain = await open({ path: file(), vector_memory_bytes: 0 });
          await own.storeVectors(
            Array.from({ length: 12 }, (_, at) =>
              item(`m${at}`, {
                bankId: "one",
                vector: [at % 3, 1, 0],
                tags: [at % 2 === 0 ? "x" : "y"],
              }),
            ),
          );
          for (const change of steps) {
            await take(change.by === "own" ? own : other, change);
            expect(await searchAll(own)).toEqual(await searchAll(plain));
          }
          for (const store of [own, other, plain]) await store.close();
        }),
        { numRuns: 25 },
      );
    },
  );

  it("stays right beyond its memory, and while others write", { timeout: 60_000 }, async () => {
    const { file, open } = await workspace();
    const store = await open({ path: file(), vector_memory_bytes: 40 * (3 * 4 + 150) });
    const expected = await open({ path: file(), vector_memory_bytes: 0 });
    for (let at = 0; at < 60; at += 1) {
      const bank = { bankId: `bank-${at % 3}` };
      const writing = store.storeVectors([item(`m${at}`, { ...bank, vector: direction(at) })]);
      const searches = [0, 1, 2].map((number) =>
        store.searchSimilar(direction(at + number), { ...bank, limit: 5 }),
      );
      await Promise.all([writing, ...searches]);
      const ids = async (one: SqliteStore) =>
        (await one.searchSimilar(direction(at), { ...bank, limit: 5 })).map((hit) => hit.id);
      expect(await ids(store)).toEqual(await ids(expected));
    }
  });

  it("sees inside a transaction what the transaction wrote", async () => {
    const { open } = await workspace();
    const store = await open();
    const bank = { bankId: "one", limit: 3 };
    const ids = async () => (await store.searchSimilar([1, 0, 0], bank)).map((hit) => hit.id);
    await store.storeVectors([item("a", bank)]);
    for (let round = 0; round < 6; round += 1) expect(await ids()).toEqual(["a"]);
    await store.atomically(async () => {
      await store.storeVectors([item("b", bank)]);
      expect(await ids()).toEqual(["a", "b"]);
      await store.delete(["a"], bank);
      expect(await ids()).toEqual(["b"]);
    });
    expect(await ids()).toEqual(["b"]);
  });
});
