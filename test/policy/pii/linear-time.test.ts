import { describe, expect, it } from "vitest";
import { PiiDetector } from "../../../src/policy/pii/pii-detector.js";
import { attackShapes } from "../../bench/attack-shapes.js";
import { growthOf } from "../scan-growth.js";

const detector = new PiiDetector({
  countries: "AU CA CN DE ES FR IN IT JP SG UK US".split(" "),
});
const fields = detector.reading("field");
const shortLength = 8_192;
const factor = 16;
/** Eightfold noise is forgiven; what is quadratic grows by another factor of 16. */
const tolerated = factor * 8;

const shapes: Readonly<Record<string, (length: number) => string>> = {
  ...attackShapes,
  "unfinished birth dates": (length) => "dob".concat(":".repeat(length)),
  "unfinished birth words": (length) => "date".concat(" ".repeat(length)),
  "birth words without end": (length) => "date of ".repeat(length / 8),
  "halves of pairs": (length) => "\ud83d".repeat(length),
  "nothing visible": (length) => "\u200b".repeat(length),
  "lower-case accounts": (length) => "gb00".repeat(length / 4),
  "grouped cards": (length) => "4111 ".repeat(length / 5),
  "spaced cards": (length) => "4111 - ".repeat(length / 7),
  "ligatures and circled digits": (length) => "\ufb01\u2776".repeat(length / 2),
  controls: (length) => "1\u0000".repeat(length / 2),
};

function growth(scan: (text: string) => unknown, shape: (length: number) => string): number {
  return growthOf(scan, shape, { shortLength, factor, runs: 4 });
}

function shortLetters(length: number): string {
  return "a".repeat(length / 16);
}

function findAgain(text: string): unknown {
  return [...text.matchAll(/a*b/g)];
}

describe("time of a scan", () => {
  it.each(Object.entries(shapes))("grows with the length of %s", (_name, shape) => {
    expect(growth((text) => detector.detect(text), shape)).toBeLessThan(tolerated);
  });

  it.each(Object.entries(shapes))("of a field grows with the length of %s", (_name, shape) => {
    expect(growth((text) => fields.detect(text), shape)).toBeLessThan(tolerated);
  });

  it("is told from a pattern that looks again from every place", () => {
    expect(growth(findAgain, shortLetters)).toBeGreaterThan(tolerated);
  });
});
