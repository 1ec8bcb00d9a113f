import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLlmMatches } from "../../../src/policy/pii/llm-reply.js";

const text = "Dr. Ann Lee 😀 met Jane in Oslo. Jane is fine.";
const spans = (reply: unknown) =>
  parseLlmMatches(typeof reply === "string" ? reply : JSON.stringify(reply), text).map(
    ({ type, start, end }) => [type, start, end],
  );

describe("parseLlmMatches", () => {
  it("trusts offsets that hold, in code points", () => {
    expect(spans([{ type: "name", text: "Jane", start: 32, end: 36 }])).toEqual([["name", 32, 36]]);
    expect(parseLlmMatches('[{"type":"credit_card","text":"Oslo"}]', text)).toEqual([
      { type: "credit_card", start: 26, end: 30, text: "Oslo", replacement: "[CC_REDACTED]" },
    ]);
  });

  it.each([
    ["wrong", 0, 4],
    ["negative", -4, 0],
    ["beyond the text", 900, 904],
    ["no numbers", "four", null],
    ["fractions", 18.5, 22.5],
    ["infinite", "1e999", "1e999"],
  ])("finds the text where offsets are %s", (_case, start, end) => {
    expect(spans([{ type: "name", text: "Jane", start, end }])).toEqual([["name", 18, 22]]);
  });

  it("takes offsets written as text", () => {
    expect(spans([{ type: "name", text: "Jane", start: "32", end: "36" }])).toEqual([
      ["name", 32, 36],
    ]);
  });

  it("gives repeated entries one occurrence each, and drops what is left over", () => {
    const jane = { type: "name", text: "Jane" };
    expect(spans([jane, jane, jane])).toEqual([
      ["name", 18, 22],
      ["name", 32, 36],
    ]);
  });

  it("does not drop a name that begins like one already found", () => {
    expect(
      spans([
        { type: "name", text: "Ann" },
        { type: "name", text: "Ann Lee" },
      ]),
    ).toEqual([
      ["name", 4, 7],
      ["name", 4, 11],
    ]);
  });

  it.each([
    ['```json\n[{"type":"address","text":"Oslo"}]\n```', 1],
    ['```\n[{"type":"address","text":"Oslo"}]\n```\n', 1],
    ['```json\n[{"type":"address","text":"Oslo"}]', 0],
    ["Sure! []", 0],
    ["", 0],
    ["null", 0],
    ['{"type":"name","text":"Jane"}', 0],
    ['[null, 1, "Jane", [], {"text": 5}, {"text": ""}, {"text": null}]', 0],
    ['[{"text":"Bob"}]', 0],
  ])("reads %j as %i matches", (reply, count) => {
    expect(parseLlmMatches(reply, text)).toHaveLength(count);
  });

  it.each([
    [undefined, "unknown", "[UNKNOWN_REDACTED]"],
    [null, "unknown", "[UNKNOWN_REDACTED]"],
    [7, "unknown", "[UNKNOWN_REDACTED]"],
    ["Date of Birth", "date_of_birth", "[DOB_REDACTED]"],
    ["favourite", "unknown", "[UNKNOWN_REDACTED]"],
    ["John Smith", "unknown", "[UNKNOWN_REDACTED]"],
    ["constructor", "unknown", "[UNKNOWN_REDACTED]"],
    ["<b>\n\u202eName</b>", "unknown", "[UNKNOWN_REDACTED]"],
    ["a".repeat(99), "unknown", "[UNKNOWN_REDACTED]"],
  ])("makes of the type %j %s", (type, name, replacement) => {
    expect(parseLlmMatches(JSON.stringify([{ type, text: "Oslo" }]), text)).toMatchObject([
      { type: name, replacement },
    ]);
  });

  it("gives spans whose slice is the text, and never throws", () => {
    const item = fc.record(
      {
        type: fc.anything(),
        text: fc.string({ unit: "binary" }),
        start: fc.anything(),
        end: fc.integer(),
      },
      { requiredKeys: [] },
    );
    const reply = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(item).map((items) => {
        try {
          return JSON.stringify(items);
        } catch {
          return "[]";
        }
      }),
    );
    fc.assert(
      fc.property(reply, fc.string({ unit: "binary" }), (answer, subject) => {
        const characters = Array.from(subject);
        for (const match of parseLlmMatches(answer, subject)) {
          expect(characters.slice(match.start, match.end).join("")).toBe(match.text);
          expect(match.end).toBeGreaterThan(match.start);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
