import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LegalHoldActiveError } from "../../../src/errors.js";
import { consolidateBank } from "../../../src/pipeline/retain/consolidation/consolidate-bank.js";
import { NearVectors } from "../../../src/pipeline/retain/consolidation/near-vectors.js";
import { planConsolidation } from "../../../src/pipeline/retain/consolidation/plan-consolidation.js";
import { cosine } from "../../../src/internal/vector-math.js";
import {
  createInMemoryLegalHoldStore,
  createInMemoryVectorStore,
} from "../../../src/testing/index.js";

const now = "2025-01-15T12:00:00+00:00";
const item = (id: string, vector: number[], more: object = {}) => ({
  id,
  bankId: "b",
  text: id,
  vector,
  ...more,
});

describe("planConsolidation", () => {
  it("keeps the first of two that say the same", () => {
    const items = [item("a", [0.101, 1]), item("b", [0.099, 1]), item("c", [1, 0]), item("d", [])];
    expect(planConsolidation(items, { now })).toEqual({
      scanned: 4,
      duplicateIds: ["b"],
      staleIds: [],
    });
  });

  it("PIPE-28: does not take other tags, fact types or exempt memories for repetitions", () => {
    const items = [
      item("a", [1, 0], { tags: ["x"] }),
      item("b", [1, 0]),
      item("c", [1, 0], { factType: "world" }),
      item("d", [1, 0], { tags: ["keep", "x"] }),
      item("e", [1, 0], { tags: ["x", "keep"] }),
      item("f", [1, 0], { tags: ["x", "x"] }),
    ];
    const { duplicateIds } = planConsolidation(items, { now, exemptTags: ["keep"] });
    expect(duplicateIds).toEqual(["f"]);
  });

  it("counts whole days since the last recall, and never takes an undated memory for stale", () => {
    const items = [
      item("old", [1, 0], { metadata: { _created_at: "2024-10-17T12:00:00+00:00" } }),
      item("young", [0, 1], { metadata: { _created_at: "2024-10-17T12:00:01+00:00" } }),
      item("used", [-1, 0], {
        metadata: { _created_at: "2020-01-01T00:00:00+00:00", _last_recalled_at: now },
      }),
      item("undated", [0, -1], { metadata: { _created_at: "soon" } }),
    ];
    expect(planConsolidation(items, { now, staleAfterDays: 90 }).staleIds).toEqual(["old"]);
  });

  it("removes nothing but what a kept memory is near to", () => {
    const vector = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 30 }), (vectors) => {
        const items = vectors.map((one, index) => item(String(index), one));
        const removed = new Set(planConsolidation(items, { now }).duplicateIds);
        const kept = items.filter(({ id }) => !removed.has(id));
        for (const { id, vector: one } of items) {
          const near = kept.some(
            (other) => Number(other.id) < Number(id) && cosine(other.vector, one) >= 0.95 - 1e-12,
          );
          expect(removed.has(id)).toBe(near);
        }
      }),
    );
  });
});

describe("NearVectors", () => {
  it("finds nearly all near vectors of a large bank, and no others", () => {
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647 - 0.5;
    };
    const near = new NearVectors();
    const known = Array.from({ length: 3000 }, () => Array.from({ length: 24 }, random));
    for (const vector of known) near.add(vector);
    const noise = (vector: number[]) => vector.map((value) => value + random() * 0.1);
    const asked = known.slice(0, 500).map(noise);
    expect(asked.filter((vector) => near.hasNear(vector, 0.95)).length).toBeGreaterThan(495);
    const others = Array.from({ length: 200 }, () => Array.from({ length: 24 }, random));
    expect(others.filter((vector) => near.hasNear(vector, 0.95))).toEqual([]);
  });
});

async function bankOfTwo() {
  const vectorStore = createInMemoryVectorStore();
  await vectorStore.storeVectors([item("a", [1, 0]), item("b", [1, 0])]);
  const legalHolds = createInMemoryLegalHoldStore();
  const remove = (ids: readonly string[]) => vectorStore.delete(ids, { bankId: "b" });
  return { vectorStore, legalHolds, remove };
}

describe("consolidateBank", () => {
  it("deletes repetitions through the function it is given", async () => {
    const context = await bankOfTwo();
    expect(await consolidateBank(context, { now }, { bankId: "b" })).toEqual({
      scanned: 2,
      duplicatesRemoved: 1,
      staleRemoved: 0,
    });
    expect(await context.vectorStore.listVectors({ bankId: "b" })).toHaveLength(1);
  });

  it("PIPE-28: deletes nothing under a legal hold", async () => {
    const context = await bankOfTwo();
    await context.legalHolds.setHold({
      bankId: "b",
      holdId: "h",
      reason: "r",
      setAt: now,
      setBy: "user:x",
    });
    await expect(consolidateBank(context, { now }, { bankId: "b" })).rejects.toThrow(
      LegalHoldActiveError,
    );
    expect(await context.vectorStore.listVectors({ bankId: "b" })).toHaveLength(2);
  });
});
