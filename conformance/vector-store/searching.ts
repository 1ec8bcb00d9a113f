import assert from "node:assert/strict";
import type { VectorStore } from "astrocyte";
import type { Chapter } from "../suite.js";
import { axis, bankId, memory, search, tilted } from "./fixtures.js";
import { capabilitiesOf, withoutMethod, type VectorStoreTarget } from "./target.js";

/** Ten memories, the nearest to axis 0 stored neither first nor last. */
async function fill(store: VectorStore, target: VectorStoreTarget): Promise<void> {
  const steps = [7, 3, 9, 0, 5, 1, 8, 2, 6, 4];
  await store.storeVectors(
    steps.map((step) => memory(target, `step-${step}`, { vector: tilted(target, step) })),
  );
}

export const searching: Chapter<VectorStore, VectorStoreTarget> = {
  title: "searching",
  statements: [
    {
      id: "VS-6",
      text: "a stored vector finds its own item first",
      check: async (store, target) => {
        const items = Array.from({ length: 4 }, (_, n) =>
          memory(target, `axis-${n}`, { vector: axis(target, n) }),
        );
        await store.storeVectors(items);
        for (const { id, vector } of items) {
          const [hit] = await store.searchSimilar(vector, { bankId });
          assert.equal(hit?.id, id);
          if (capabilitiesOf(target).scoreMeaning === "similarity") {
            assert.ok(hit.score >= 0.999, `the own score must be 1, got ${hit.score}`);
          }
        }
      },
    },
    {
      id: "VS-7",
      text: "scores are finite, in [0, 1] and never rise, also for opposite and zero vectors",
      check: async (store, target) => {
        await fill(store, target);
        await store.storeVectors([
          memory(target, "opposite", { vector: axis(target, 0, -1) }),
          memory(target, "zero", { vector: axis(target, 0, 0) }),
          memory(target, "huge", { vector: axis(target, 0, 1e30) }),
        ]);
        for (const length of [1, -1, 0, 1e30]) {
          const hits = await store.searchSimilar(axis(target, 0, length), { bankId, limit: 100 });
          let previous = Number.POSITIVE_INFINITY;
          for (const { id, score } of hits) {
            assert.ok(Number.isFinite(score), `the score of ${id} must be finite, got ${score}`);
            assert.ok(score <= previous, `scores must not rise, ${score} follows ${previous}`);
            previous = score;
            if (capabilitiesOf(target).scoreMeaning === "similarity") {
              assert.ok(score >= 0 && score <= 1, `${score} must lie in [0, 1]`);
            }
          }
        }
      },
    },
    {
      id: "VS-7-order",
      text: "the nearest comes first, and the same search gives the same order",
      check: async (store, target) => {
        await fill(store, target);
        const ids = (await search(store, target)).map(({ id }) => id);
        assert.deepEqual(
          ids,
          Array.from({ length: 10 }, (_, step) => `step-${step}`),
        );
        assert.deepEqual(
          (await search(store, target)).map(({ id }) => id),
          ids,
        );
      },
    },
    {
      id: "VS-8",
      text: "at most limit hits, the best ones; 0 gives none and 10 is the default",
      check: async (store, target) => {
        await fill(store, target);
        await store.storeVectors([
          memory(target, "step-10", { vector: tilted(target, 10) }),
          memory(target, "step-11", { vector: tilted(target, 11) }),
        ]);
        const three = await search(store, target, { limit: 3 });
        assert.deepEqual(
          three.map(({ id }) => id),
          ["step-0", "step-1", "step-2"],
        );
        assert.deepEqual(await search(store, target, { limit: 0 }), []);
        assert.equal((await search(store, target, { limit: 1000 })).length, 12);
        assert.equal((await store.searchSimilar(axis(target, 0), { bankId })).length, 10);
      },
    },
    {
      id: "VS-26",
      text: "getByChunkIds gives score 1 and stays in the bank",
      unless: withoutMethod("getByChunkIds"),
      check: async (store, target) => {
        await store.storeVectors([
          memory(target, "a", { chunkId: "c1" }),
          memory(target, "b", { chunkId: "c2", vector: axis(target, 1) }),
          memory(target, "c"),
          memory(target, "d", { chunkId: "c1", bankId: "other" }),
        ]);
        const hits = await store.getByChunkIds?.(["c2", "c1", "c1", "unknown"], { bankId });
        const found = hits?.map(({ id, score, text }) => [id, score, text]);
        assert.deepEqual(found?.toSorted(), [
          ["a", 1, "text of a"],
          ["b", 1, "text of b"],
        ]);
        assert.deepEqual(await store.getByChunkIds?.([], { bankId }), []);
        assert.deepEqual(await store.getByChunkIds?.(["c1"], { bankId: "unknown" }), []);
      },
    },
  ],
};
