import { describe, expect, it } from "vitest";
import { InjectionGuard } from "../../../src/policy/injection-guard.js";
import { sanitizeMetadata } from "../../../src/policy/metadata-sanitizer.js";
import { attackShapes } from "../../bench/attack-shapes.js";
import { growthOf } from "../scan-growth.js";

const guard = new InjectionGuard();
const options = { shortLength: 4_096, factor: 16, runs: 2 };
/** Eightfold noise is forgiven; what is quadratic grows by another factor of 16. */
const tolerated = options.factor * 8;

function run(piece: string) {
  return (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(at + 32));
/** Beginnings of rules, and what their gaps can be split by. */
const pieces = [
  ...printable.flatMap((character) => [character, `a${character}`]),
  "ignorier",
  "ignore '",
  "reveal a'a'a'a'a'",
  "-- begin of the ",
  "![](http://a?",
  "send all tokens a@a",
  "when the user a ",
  "please ",
  "<|a",
  "i.g.n.",
  "\u200bx",
];

function shortDashes(length: number): string {
  return run("-")(length / 4);
}

function sanitize(key: string): unknown {
  return sanitizeMetadata({ [key]: 1 }, { strict: true });
}

describe("time of the injection guard", () => {
  it.each(Object.entries(attackShapes))("grows with the length of %s", (_name, shape) => {
    expect(growthOf((text) => guard.inspect(text), shape, options)).toBeLessThan(tolerated);
  });

  it("grows with the length of a run of any piece", () => {
    const slow = pieces.filter(
      (piece) => growthOf((text) => guard.inspect(text), run(piece), options) >= tolerated,
    );
    expect(slow).toEqual([]);
  });

  it("is told from a rule that begins with a run of any length", () => {
    const unbounded = /[-=#*_~]{2,} ?(?:end|begin)/u;
    expect(growthOf((text) => unbounded.test(text), shortDashes, options)).toBeGreaterThan(
      tolerated,
    );
  });

  it("takes megabytes without a stack that overflows", () => {
    for (const piece of ["ab", "ab ", "a.", "QUJD", "\u{e0041}"]) {
      expect(guard.inspect(run(piece)(1_000_000))).not.toContain("instruction_override");
    }
  });
});

describe("time of the metadata sanitiser", () => {
  it("grows with the length of a key", () => {
    const slow = [...Object.values(attackShapes), ...["_", "token", "aA", "api"].map(run)].filter(
      (shape) => growthOf(sanitize, shape, options) >= tolerated,
    );
    expect(slow).toEqual([]);
  });
});
