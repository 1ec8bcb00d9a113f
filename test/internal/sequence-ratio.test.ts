import { expect, it } from "vitest";
import { sequenceRatio } from "../../src/internal/sequence-ratio.js";

it.each([
  ["alice", "alicia", 0.727273],
  ["jon smith", "john smith", 0.947368],
  ["acme", "acme corp", 0.615385],
  ["color", "colour", 0.909091],
  ["", "", 1],
  ["", "a", 0],
  ["👩‍👩‍👧", "👩‍👩‍👧", 1],
])("%j is like %j as Python's difflib says", (a, b, ratio) => {
  expect(sequenceRatio(a, b)).toBeCloseTo(ratio, 6);
});

it("starts no match at characters that are common in a long text, as difflib does", () => {
  expect(sequenceRatio("xa", `${"a".repeat(300)}x`)).toBeCloseTo(2 / 303, 12);
});
