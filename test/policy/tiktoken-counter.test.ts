import * as fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import cl100kBase from "js-tiktoken/ranks/cl100k_base";
import o200kBase from "js-tiktoken/ranks/o200k_base";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { loadTiktokenCounter, type TiktokenEncoding } from "../../src/policy/tiktoken-counter.js";
import { heuristicTokenCount, upperBoundTokenCount } from "../../src/policy/tokens.js";
import { hostileText } from "./hostile-text.js";

/** Merges by a scan, so it takes the square of the length; `\s` there is not Unicode's for U+0085 and U+FEFF. */
function oracleOf(stored: typeof cl100kBase): (text: string) => number {
  const encoder = new Tiktoken(stored);
  return (text) => Math.max(1, encoder.encode(text, [], []).length);
}

const oracles = { cl100k_base: oracleOf(cl100kBase), o200k_base: oracleOf(o200kBase) };
const encodings = Object.keys(oracles) as TiktokenEncoding[];

const word = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    ...Object.values(hostileText),
    " the",
    "don't",
    "I'LL",
    "camelCase",
    "  \n\t",
    "\r\n",
    "12345",
    "»/\n",
  ),
);
const text = fc
  .array(word, { maxLength: 12 })
  .map((words) => words.join("").replaceAll(/[\u0085\ufeff]/g, ""));

function fastestMs(run: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return Math.min(...times);
}

describe.each(encodings)("loadTiktokenCounter(%s)", async (encoding) => {
  const count = await loadTiktokenCounter(encoding);

  it("counts what the encoder encodes", () => {
    fc.assert(
      fc.property(text, (sample) => {
        expect(count(sample)).toBe(oracles[encoding](sample));
      }),
      { numRuns: 1500 },
    );
  });

  it.each(Object.entries(hostileText))("counts %s like any text, below the bound", (_, unit) => {
    for (const times of [1, 2, 7, 40]) {
      const sample = unit.repeat(times);
      expect(count(sample)).toBe(oracles[encoding](sample));
      expect(count(sample)).toBeLessThanOrEqual(upperBoundTokenCount(sample));
    }
  });

  it("never throws, and never counts more than the bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (sample) => {
        expect(count(sample)).toBeLessThanOrEqual(upperBoundTokenCount(sample));
      }),
      { numRuns: 5000 },
    );
  });

  it("takes the bytes for what is too long to be split", () => {
    const sample = "é".repeat(1_000_001);
    expect(count(sample)).toBe(2_000_002);
  });
});

describe("loadTiktokenCounter", () => {
  it("takes time in proportion to the length, whatever the text", async () => {
    const count = await loadTiktokenCounter("cl100k_base");
    for (const unit of Object.values(hostileText)) {
      const [short, long] = [16_384, 65_536].map((length) =>
        unit.repeat(Math.floor(length / unit.length)),
      );
      count(short ?? "");
      const shortMs = fastestMs(() => count(short ?? ""));
      const longMs = fastestMs(() => count(long ?? ""));
      // Four times the text; 16 would be the square. Below some milliseconds there is only noise.
      expect(longMs).toBeLessThan(8 * Math.max(shortMs, 10));
      expect(longMs).toBeLessThan(1000);
    }
  });

  it("refuses an encoding it does not know", async () => {
    const unknown = "gpt2" as TiktokenEncoding;
    await expect(loadTiktokenCounter(unknown)).rejects.toThrow(ConfigError);
    await expect(loadTiktokenCounter(unknown)).rejects.toThrow(/'gpt2'.*cl100k_base/);
  });

  it("holds a budget that the estimate would not", async () => {
    const count = await loadTiktokenCounter("cl100k_base");
    const factors = Object.entries(hostileText).map(([kind, unit]) => {
      const sample = unit.repeat(Math.ceil(600 / unit.length));
      return [kind, oracles.cl100k_base(sample) / heuristicTokenCount(sample)] as const;
    });
    const undercounted = factors.filter(([, factor]) => factor > 2).map(([kind]) => kind);
    expect(undercounted).toContain("emoji");
    expect(undercounted).toContain("Thai");
    expect(Math.max(...factors.map(([, factor]) => factor))).toBeLessThan(20);
    expect(count("😀".repeat(100))).toBeGreaterThan(5 * heuristicTokenCount("😀".repeat(100)));
  });
});
