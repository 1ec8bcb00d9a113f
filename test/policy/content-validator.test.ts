import { describe, expect, it } from "vitest";
import { validateContent } from "../../src/policy/content-validator.js";

describe("POL-14: validateContent", () => {
  it("accepts text", () => {
    expect(validateContent("hello", "text")).toEqual([]);
    expect(validateContent("a\tb\r\nc\u0085d\u001ce", "document")).toEqual([]);
  });

  it("collects everything that is wrong, in the contract's order", () => {
    expect(validateContent(" ", "x", { maxContentLength: 0 })).toEqual([
      "Content is empty",
      "Content too long: 1 > 0",
      "Content type 'x' not allowed. Allowed: ['text', 'conversation', 'document']",
    ]);
  });

  it("counts Unicode code points", () => {
    expect(validateContent("🎉🎉🎉", "text", { maxContentLength: 3 })).toEqual([]);
    expect(validateContent("🎉🎉🎉", "text", { maxContentLength: 2 })).toEqual([
      "Content too long: 3 > 2",
    ]);
  });

  it.each(["", " \n\t", "\u001c\u001f", "\u0085", "\u3000"])("takes %j as empty", (content) => {
    expect(validateContent(content, "text")).toEqual(["Content is empty"]);
    expect(validateContent(content, "text", { rejectEmptyContent: false })).toEqual([]);
  });

  it.each(["\u200b", "\ufeff"])("does not take %j as empty", (content) => {
    expect(validateContent(content, "text")).toEqual([]);
  });

  it("POL-15: takes no mail unless told so", () => {
    expect(validateContent("a", "email")).toHaveLength(1);
  });

  it("takes an empty list of types as the default one", () => {
    expect(validateContent("a", "email", { allowedContentTypes: ["email"] })).toEqual([]);
    expect(validateContent("a", "text", { allowedContentTypes: [] })).toEqual([]);
    expect(validateContent("a", "text", { allowedContentTypes: ["email"] })).toEqual([
      "Content type 'text' not allowed. Allowed: ['email']",
    ]);
  });

  it.each(["a long text with one \0 in it", "\u0001\u0002 abc", "\u009babc"])(
    "takes %j as binary",
    (content) => {
      expect(validateContent(content, "text")).toEqual(["Content looks binary"]);
      expect(validateContent(content, "text", { rejectBinaryContent: false })).toEqual([]);
    },
  );

  it("puts up with a tenth of control characters, as terminal output has", () => {
    expect(validateContent("\u001b[1mbold it is\u001b[0m and so on", "text")).toEqual([]);
    expect(validateContent(`${"a".repeat(9)}\u001b`, "text")).toEqual([]);
    expect(validateContent(`${"a".repeat(8)}\u001b`, "text")).toEqual(["Content looks binary"]);
  });
});
