import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enforceTokenBudget, heuristicTokenCount } from "../../src/policy/tokens.js";

describe("heuristicTokenCount", () => {
  it.each([
    ["hello world", 2],
    ["a".repeat(40), 10],
    ["one two three four five", 6],
    ["こんにちは世界", 4],
    ["", 1],
    ["😀".repeat(8), 2],
  ])("counts %j as %i", (text, tokens) => {
    expect(heuristicTokenCount(text)).toBe(tokens);
  });
});

describe("enforceTokenBudget", () => {
  const hits = ["one two three", "four five six", "seven"].map((text) => ({ text }));

  it("stops at the first hit that does not fit, though a later one would", () => {
    expect(enforceTokenBudget(hits, 5, (text) => text.split(" ").length)).toEqual({
      hits: hits.slice(0, 1),
      truncated: true,
    });
  });

  it("can drop even the first hit", () => {
    expect(enforceTokenBudget(hits, 2, () => 3)).toEqual({ hits: [], truncated: true });
  });

  it("takes no budget as no limit, and a budget of nothing as such", () => {
    expect(enforceTokenBudget(hits, undefined)).toEqual({ hits, truncated: false });
    expect(enforceTokenBudget(hits, 0)).toEqual({ hits: [], truncated: true });
  });

  it("never exceeds the budget and keeps a prefix", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 60 }), (texts, maxTokens) => {
        const all = texts.map((text) => ({ text }));
        const { hits: kept, truncated } = enforceTokenBudget(all, maxTokens);
        const used = kept.reduce((sum, { text }) => sum + heuristicTokenCount(text), 0);
        expect(used).toBeLessThanOrEqual(maxTokens);
        expect(kept).toEqual(all.slice(0, kept.length));
        expect(truncated).toBe(kept.length < all.length);
      }),
    );
  });
});
