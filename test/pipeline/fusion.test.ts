import * as fc from "fast-check";
import { reciprocalRankFusion } from "astrocyte/pipeline";
import { describe, expect, it } from "vitest";

const list = (name: string, ids: string, weight?: number) => ({
  name,
  weight,
  items: Array.from(ids, (id, rank) => ({ id, score: 1 / (rank + 1) })),
});

const scores = (fused: ReturnType<typeof reciprocalRankFusion>) =>
  fused.map(({ item, fusedScore }) => [item.id, Number(fusedScore.toFixed(9))]);

describe("PIPE-6: reciprocalRankFusion", () => {
  it("gives the recorded values", () => {
    expect(scores(reciprocalRankFusion([list("x", "ab"), list("y", "bc")]))).toEqual([
      ["b", 0.032522475],
      ["a", 0.016393443],
      ["c", 0.016129032],
    ]);
  });

  it("gives the recorded values with weights", () => {
    expect(scores(reciprocalRankFusion([list("x", "ab", 1.2), list("y", "bc", 0.7)]))).toEqual([
      ["b", 0.030830249],
      ["a", 0.019672131],
      ["c", 0.011290323],
    ]);
  });

  it("leaves a list of weight 0 out", () => {
    expect(scores(reciprocalRankFusion([list("x", "ab", 0), list("y", "b")]))).toEqual([
      ["b", 0.016393443],
    ]);
  });

  it("names the lists that found an item and keeps its best copy", () => {
    const lists = [
      { name: "semantic", items: [{ id: "a", score: 0.2, text: "weak" }] },
      { name: "keyword", items: [{ id: "a", score: 3, text: "strong" }] },
    ];
    expect(reciprocalRankFusion(lists)[0]).toMatchObject({
      item: { text: "strong" },
      foundBy: ["semantic", "keyword"],
    });
  });

  it("breaks ties by first appearance", () => {
    expect(
      reciprocalRankFusion([list("x", "b"), list("y", "a")]).map(({ item }) => item.id),
    ).toEqual(["b", "a"]);
  });

  it.each([
    [[list("x", "a", -1)], 60],
    [[list("x", "a")], -1],
    [[list("x", "a")], Number.NaN],
  ])("refuses a negative weight or k", (lists, k) => {
    expect(() => reciprocalRankFusion(lists, k)).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_INVALID_ARGUMENT" }),
    );
  });

  it("returns every id once, in descending score", () => {
    const ids = fc.uniqueArray(fc.constantFrom(...Array.from("abcdefgh")));
    fc.assert(
      fc.property(fc.array(ids), (lists) => {
        const fused = reciprocalRankFusion(
          lists.map((letters, n) => list(`l${n}`, letters.join(""))),
        );
        expect(fused.map(({ item }) => item.id).toSorted()).toEqual(
          [...new Set(lists.flat())].toSorted(),
        );
        expect(fused.map(({ fusedScore }) => fusedScore)).toEqual(
          fused.map(({ fusedScore }) => fusedScore).toSorted((a, b) => b - a),
        );
      }),
    );
  });
});
