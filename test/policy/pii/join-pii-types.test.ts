import { describe, expect, it } from "vitest";
import { joinPiiTypes } from "../../../src/policy/pii/join-pii-types.js";

describe("joinPiiTypes", () => {
  it.each([
    [0, ""],
    [2, "a,a"],
    [32, Array.from({ length: 32 }, () => "a").join(",")],
    [33, `${Array.from({ length: 32 }, () => "a").join(",")},+1 more`],
  ])("lists %i", (count, text) => {
    expect(joinPiiTypes(Array.from({ length: count }, () => "a"))).toBe(text);
  });

  it("stays short for a text full of personal data", () => {
    const types = Array.from({ length: 100_000 }, () => "date_of_birth");
    expect(joinPiiTypes(types).length).toBeLessThan(600);
  });
});
