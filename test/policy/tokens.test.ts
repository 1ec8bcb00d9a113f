import * as fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import cl100kBase from "js-tiktoken/ranks/cl100k_base";
import { describe, expect, it } from "vitest";
import { loadTiktokenCounter } from "../../src/policy/tiktoken-counter.js";
import {
  enforceTokenBudget,
  heuristicTokenCount,
  packToBudget,
  upperBoundTokenCount,
  type TokenCounter,
} from "../../src/policy/tokens.js";
import { hostileText } from "./hostile-text.js";

describe("POL-17: heuristicTokenCount", () => {
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

describe("POL-17: enforceTokenBudget", () => {
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

describe("upperBoundTokenCount", () => {
  it("is the bytes of the text, 1 at least", () => {
    expect(["", "a", "é", "😀", "\ud800"].map(upperBoundTokenCount)).toEqual([1, 1, 2, 4, 3]);
  });
});

describe("a budget for hostile text", () => {
  const encoder = new Tiktoken(cl100kBase);
  const unit = fc.constantFrom(...Object.values(hostileText));
  const text = fc.oneof(
    fc.tuple(unit, fc.nat(12)).map(([one, times]) => one.repeat(times)),
    fc.array(unit, { maxLength: 6 }).map((units) => units.join("")),
  );

  function holds(countTokens: TokenCounter): void {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.nat(200), (texts, maxTokens) => {
        const { hits } = enforceTokenBudget(
          texts.map((one) => ({ text: one })),
          maxTokens,
          countTokens,
        );
        const used = hits.reduce((sum, hit) => sum + encoder.encode(hit.text, [], []).length, 0);
        expect(used).toBeLessThanOrEqual(maxTokens);
      }),
      { numRuns: 500 },
    );
  }

  it("holds with the exact counter and with the bound, not with the estimate", async () => {
    const exact = await loadTiktokenCounter("cl100k_base");
    holds(exact);
    holds(upperBoundTokenCount);
    expect(() => holds(heuristicTokenCount)).toThrow(/Property failed/);
  });
});

function pack(texts: readonly string[], maxTokens: number): string[] {
  const hits = texts.map((text) => ({ text }));
  return packToBudget(hits, maxTokens, (text) => Math.max(1, text.length)).map(({ text }) => text);
}

describe("packToBudget", () => {
  it("goes on after a hit that does not fit", () => {
    expect(pack(["aa", "bbbbb", "cc"], 4)).toEqual(["aa", "cc"]);
  });

  it("keeps the first hit at any size, and then nothing that costs", () => {
    expect(pack(["aaaa", "b"], 2)).toEqual(["aaaa"]);
  });

  it("keeps empty texts for nothing", () => {
    expect(pack(["", "", "a"], 1)).toEqual(["", "", "a"]);
  });

  it.each([0, -3, Number.NaN])("keeps nothing within %s", (maxTokens) => {
    expect(pack(["", "a"], maxTokens)).toEqual([]);
  });

  it("exceeds the budget by the first hit only", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 40 }), (texts, maxTokens) => {
        const [first = "", ...rest] = pack(texts, maxTokens);
        const used = rest.reduce((sum, text) => sum + text.length, first.length);
        expect(used).toBeLessThanOrEqual(Math.max(maxTokens, first.length));
      }),
    );
  });
});
