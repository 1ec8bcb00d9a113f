import { describe, expect, it } from "vitest";
import { normaliseContent } from "../../src/pipeline/retain/normalise.js";

describe("PIPE-3: normaliseContent", () => {
  it("takes headers and signature off a mail", () => {
    const mail = "\uFEFFFrom: a\r\nTo: b\r\n\r\nHello\r\n\r\nBye\r\n-- \r\nsig";
    expect(normaliseContent(mail, "email")).toBe("Hello\n\nBye");
  });

  it("keeps a mail whose first block is prose", () => {
    expect(normaliseContent("Note: one thing\nand more\n\nHello", "email")).toBe(
      "Note: one thing\nand more\n\nHello",
    );
  });

  it("leaves at most one blank line in a document", () => {
    expect(normaliseContent(" a\n\n\n\nb\r\rc ", "Document ")).toBe("a\n\nb\n\nc");
  });

  it("only trims plain text", () => {
    expect(normaliseContent(" a\n\n\n\nb ", "text")).toBe("a\n\n\n\nb");
  });
});
