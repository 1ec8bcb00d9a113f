import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldName, nameSimilarity } from "../../../adapters/internal/name-similarity.js";

describe("name similarity", () => {
  it("is Ratcliff and Obershelp's ratio", () => {
    expect(nameSimilarity("wikimedia", "wikimania")).toBeCloseTo(14 / 18);
    expect(nameSimilarity("jon smith", "john smith")).toBeCloseTo(18 / 19);
    expect(nameSimilarity("abc", "xyz")).toBe(0);
    expect(nameSimilarity("", "a")).toBe(0);
    expect(nameSimilarity("", "")).toBe(1);
    expect(foldName(" Ｊｏｎ ")).toBe("jon");
  });

  it("is symmetric, in [0, 1], and 1 for equal names", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (a, b) => {
        const ratio = nameSimilarity(a, b);
        expect(ratio).toBe(nameSimilarity(b, a));
        expect(ratio).toBeGreaterThanOrEqual(0);
        expect(ratio).toBeLessThanOrEqual(1);
        expect(nameSimilarity(a, a)).toBe(1);
      }),
    );
  });
});
