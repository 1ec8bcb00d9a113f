import { chunkText, type ChunkOptions } from "astrocyte";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

/** What is said, without labels and white space. */
const words = (text: string): string => text.replace(/^(?:Ann|Bob):|\s/gm, "");
const length = (text: string): number => Array.from(text).length;

describe("PIPE-1: chunkText", () => {
  it.each<[string, string, ChunkOptions, string[]]>([
    [
      "fixed windows",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234",
      { strategy: "fixed", maxSize: 10, overlap: 3 },
      ["ABCDEFGHIJ", "HIJKLMNOPQ", "OPQRSTUVWX", "VWXYZ1234", "34"],
    ],
    [
      "fixed windows of emoji",
      "😀".repeat(12),
      { strategy: "fixed", maxSize: 5, overlap: 1 },
      ["😀".repeat(5), "😀".repeat(5), "😀".repeat(4)],
    ],
    [
      "sentences",
      "Hello world. This is it! Ok? Yes.",
      { maxSize: 20 },
      ["Hello world.", "This is it! Ok? Yes."],
    ],
    ["short sentences", "A1. B2! C3? D4", { maxSize: 7 }, ["A1. B2!", "C3? D4"]],
    [
      "paragraphs",
      "para one\n\npara two\n\npara three is long",
      { strategy: "paragraph", maxSize: 20 },
      ["para one\n\npara two", "para three is long"],
    ],
    [
      "dialogue",
      "Alice: hi there\nBob: hello\nmore text\nAlice: bye",
      { strategy: "dialogue", maxSize: 30 },
      ["Alice: hi there", "Bob: hello\nmore text", "Alice: bye"],
    ],
    ["blank text", " \n\t ", {}, []],
  ])("cuts %s", (_name, text, options, chunks) => {
    expect(chunkText(text, options)).toEqual(chunks);
  });

  it("repeats the speaker on every piece of a long turn", () => {
    const chunks = chunkText("Ann: one two. three four. five six.", {
      strategy: "dialogue",
      maxSize: 16,
    });
    expect(chunks).toEqual(["Ann: one two.", "Ann: three four.", "Ann: five six."]);
  });

  it("does not explode when the overlap is as large as a chunk", () => {
    expect(
      chunkText("x".repeat(400), { strategy: "fixed", maxSize: 40, overlap: 50 }),
    ).toHaveLength(20);
  });

  it("refuses an unknown strategy", () => {
    expect(() => chunkText("text", { strategy: "toString" as never })).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_INVALID_ARGUMENT" }),
    );
  });

  it("loses no character and exceeds no limit", () => {
    const text = fc
      .array(fc.constantFrom("Ann: ", "word", ". ", "\n", "\n\n", "😀", "! ", " "))
      .map((parts) => parts.join(""));
    const strategy = fc.constantFrom<ChunkOptions["strategy"]>("sentence", "paragraph", "fixed");
    fc.assert(
      fc.property(text, strategy, fc.integer({ min: 5, max: 40 }), (content, chosen, maxSize) => {
        const chunks = chunkText(content, { strategy: chosen, maxSize, overlap: 0 });
        expect(chunks.join("").replace(/\s/g, "")).toBe(content.replace(/\s/g, ""));
        for (const chunk of chunks) expect(length(chunk)).toBeLessThanOrEqual(maxSize);
      }),
    );
  });

  it("adds to a dialogue nothing but labels, loses no character, and exceeds no limit", () => {
    const line = fc
      .tuple(
        fc.constantFrom("Ann: ", "Bob: ", ""),
        fc.array(fc.constantFrom("word", "one two.", "no? ", "😀", " "), { maxLength: 12 }),
      )
      .map(([label, parts]) => `${label}${parts.join(" ")}`);
    const dialogue = fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(dialogue, fc.integer({ min: 12, max: 60 }), (content, maxSize) => {
        const chunks = chunkText(content, { strategy: "dialogue", maxSize, overlap: 0 });
        expect(chunks.map(words).join("")).toBe(words(content));
        for (const chunk of chunks) expect(length(chunk)).toBeLessThanOrEqual(maxSize);
      }),
    );
  });
});
