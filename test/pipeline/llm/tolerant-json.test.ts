import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksTruncated } from "../../../src/pipeline/llm/looks-truncated.js";
import { parseFencedJson, parseTolerantJson } from "../../../src/pipeline/llm/tolerant-json.js";

const binary = fc.string({ unit: "binary" });

function findsObjects(read: (reply: string) => unknown): void {
  fc.assert(
    fc.property(binary, binary, fc.object(), (before, after, object) => {
      const text = JSON.stringify(object);
      fc.pre(!/[{}]/.test(before + after) && !text.includes("__proto__"));
      expect(read(`${before}\n${text}\n${after}`)).toEqual(JSON.parse(text));
    }),
  );
}

describe("parseTolerantJson", () => {
  it.each([
    ['{"a": 1}', { a: 1 }],
    ['Sure! ```json\n{"a": [1, "}"]}\n``` Done.', { a: [1, "}"] }],
    ["null", null],
    ["", undefined],
    ["{'a': 1}", undefined],
    ['{"a": 1,}', undefined],
    ['{"a": 1', undefined],
    ['{"a": 01}', undefined],
    ['{"a": "a\tb"}', undefined],
    ['{"a": 1} {"b": 2}', undefined],
  ])("reads %j", (reply, value) => {
    expect(parseTolerantJson(reply)).toEqual(value);
  });

  it("looks for a list when asked to", () => {
    expect(parseTolerantJson("ok [1] bye", {}, "list")).toEqual([1]);
    expect(parseTolerantJson("ok [1] bye")).toBeUndefined();
  });

  it("leaves out __proto__ and takes the last of repeated keys", () => {
    const value = parseTolerantJson('{"__proto__": {"admin": true}, "a": 1, "a": 2}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value as object)).toEqual([["a", 2]]);
  });

  it("refuses what is deeper or longer than allowed", () => {
    expect(parseTolerantJson("[[1]]", { maxDepth: 2 })).toEqual([[1]]);
    expect(parseTolerantJson("[[1]]", { maxDepth: 1 })).toBeUndefined();
    expect(parseTolerantJson("[1, 2]", { maxLength: 5 })).toBeUndefined();
  });

  it.each(["[", '{"a":', '{"a":"\\', '"', '"\\'])("takes no time for many %j", (piece) => {
    const reply = piece.repeat(Math.floor(900_000 / piece.length));
    const start = performance.now();
    parseTolerantJson(reply);
    looksTruncated(reply);
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it("reads what JSON.parse reads, alike", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), (text) => {
        fc.pre(!text.includes("__proto__"));
        expect(parseTolerantJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("finds an object in any prose without braces, which JSON.parse does not", () => {
    findsObjects((reply) => parseTolerantJson(reply));
    expect(() => {
      findsObjects((reply) => JSON.parse(reply));
    }).toThrow(/Property failed/);
  });

  it("never throws", () => {
    const piece = fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", "NaN", "-", "1", "\n");
    const reply = fc.oneof(
      binary,
      fc.array(fc.oneof(piece, binary)).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(reply, (text) => {
        parseTolerantJson(text);
        parseFencedJson(text);
        looksTruncated(text);
      }),
    );
  });
});

describe("parseFencedJson", () => {
  it("wants the JSON alone, or alone in a closed fence", () => {
    expect(parseFencedJson(" [1] ")).toEqual([1]);
    expect(parseFencedJson("```JSON\n[1]\n```")).toEqual([1]);
    expect(parseFencedJson("```json\n[1]")).toBeUndefined();
    expect(parseFencedJson("see [1]")).toBeUndefined();
  });
});

describe("looksTruncated", () => {
  it.each([
    ['{"a": [1, 2]', true],
    ['{"a": "x', true],
    ['{"a": 1}.', true],
    ['{"text": "a { b"}', false],
    ['{"text": "\\"{"}', false],
    ["no braces", false],
    ["", false],
  ])("says of %j: %s", (reply, truncated) => {
    expect(looksTruncated(reply)).toBe(truncated);
  });
});
