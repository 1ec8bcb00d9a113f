import { describe, expect, it } from "vitest";
import { retainInputError } from "../../src/policy/retain-input.js";

describe("retainInputError", () => {
  it("counts the bytes of UTF-8", () => {
    expect(retainInputError({ content: "日本" }, { maxContentBytes: 6 })).toBeUndefined();
    expect(retainInputError({ content: "日本" }, { maxContentBytes: 5 })).toBe(
      "Content exceeds maximum size (6 > 5 bytes)",
    );
    expect(retainInputError({ content: "\ud800" }, { maxContentBytes: 2 })).toBe(
      "Content exceeds maximum size (3 > 2 bytes)",
    );
  });

  it("admits 100 tags", () => {
    const tags = Array.from({ length: 101 }, (_, index) => `tag-${index}`);
    expect(retainInputError({ content: "x", tags: tags.slice(1) })).toBeUndefined();
    expect(retainInputError({ content: "x", tags })).toBe("Too many tags (101 > 100)");
  });

  it("asks for the size first", () => {
    const tags = Array.from({ length: 101 }, () => "tag");
    expect(retainInputError({ content: "xx", tags }, { maxContentBytes: 1 })).toMatch(/size/);
  });
});
