import * as fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { AstrocyteError, ConfigError } from "../../../src/errors.js";
import {
  compileCustomPattern,
  loadPatternEngine,
  type EnginePattern,
} from "../../../src/policy/pii/custom-pattern.js";

function find(pattern: string, text: string): string[] {
  const compiled = compileCustomPattern({ name: "code", pattern }, RE2JS);
  return compiled.find(text).map(({ start, end }) => text.slice(start, end));
}

function failure(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("compileCustomPattern", () => {
  it.each([
    [String.raw`EMP-\d{5}`, "badge EMP-12345 seen", ["EMP-12345"]],
    [String.raw`EMP-\d{3}`, "EMP-１２３ EMP-٤٥٦", ["EMP-１２３", "EMP-٤٥٦"]],
    [String.raw`[\d-]+`, "a ５-5 b", ["５-5"]],
    [String.raw`key=(\w+)`, "key=añb; key=日本", ["key=añb", "key=日本"]],
    [String.raw`[^\W\d_]+`, "ab1_é 日2", ["ab", "é", "日"]],
    [String.raw`[\S]+`, "a\u3000b\u0085c", ["a", "b", "c"]],
    [String.raw`a\sb`, "a\u3000b a\u001cb a\ufeffb", ["a\u3000b", "a\u001cb"]],
    [String.raw`[\D]+`, "1ab２", ["ab"]],
    ["(?i)secret", "SECRET secret", ["SECRET", "secret"]],
    ["[]a]+", "x]a]y", ["]a]"]],
    ["[[:x]+", "a[:x]", ["[:x"]],
    [String.raw`\u00e9\Z`, "é é", ["é"]],
    ["x*", "axxb", ["xx"]],
    ["😀+", "a😀😀b", ["😀😀"]],
  ])("finds what Python's %s finds in %j", (pattern, text, found) => {
    expect(find(pattern, text)).toEqual(found);
  });

  it("labels by the name unless told otherwise", () => {
    expect(compileCustomPattern({ name: "employee_id", pattern: "E" }, RE2JS).replacement).toBe(
      "[EMPLOYEE_ID_REDACTED]",
    );
    const named = { name: "e", pattern: "E", replacement: "<e>" };
    expect(compileCustomPattern(named, RE2JS)).toMatchObject({ name: "e", replacement: "<e>" });
  });

  it.each([
    ["(?=b)", "look-around"],
    ["(?!b)a", "look-around"],
    ["(?<=a)b", "look-around"],
    ["(?<!a)b", "look-around"],
    [String.raw`(a)\1`, "back references"],
    ["(?P<a>x)(?P=a)", "back references"],
    ["[a", "missing closing"],
    ["*a", "missing argument"],
    ["[a-z]{1,64}@[a-z0-9]{1,255}", "counted repeats"],
    ["a".repeat(1001), "at most 1000"],
    ["", "empty"],
  ])("refuses %s and says why", (pattern, reason) => {
    const compile = () => compileCustomPattern({ name: "badge", pattern }, RE2JS);
    expect(compile).toThrow(ConfigError);
    expect(compile).toThrow(new RegExp(`"badge".*${reason}`, "u"));
  });

  it("refuses a blank name", () => {
    expect(() => compileCustomPattern({ name: " ", pattern: "a" }, RE2JS)).toThrow(ConfigError);
  });

  it("throws nothing but its own error, whatever the pattern and the text", () => {
    const text = fc.string({ unit: "binary" });
    const pieces = fc.constantFrom(
      "[",
      "]",
      "(",
      ")",
      "\\",
      "d",
      "W",
      "{2}",
      "*",
      "^",
      "a",
      "-",
      "?",
    );
    const patterns = fc.oneof(
      text,
      fc.array(pieces).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(patterns, text, (pattern, subject) => {
        expect(failure(() => find(pattern, subject))).toSatisfy(
          (error) => error === undefined || AstrocyteError.isInstance(error),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("finds the same in a long text as in its parts, wherever windows end", () => {
    const code = "EMP-12345";
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9000 }),
        fc.constantFrom("x", "😀"),
        (count, filler) => {
          expect(
            find(String.raw`EMP-\d+`, `${filler.repeat(count)}${code} ${filler.repeat(50)}`),
          ).toEqual([code]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("covers a run longer than a window", () => {
    const text = `a${"1".repeat(20_000)}b`;
    expect(find(String.raw`\d+`, text).join("")).toBe("1".repeat(20_000));
  });

  it("does not take the end of a window for the end of the text", () => {
    expect(find("x$", "x".repeat(10_000))).toEqual(["x"]);
    expect(find("^x", "x".repeat(10_000))).toEqual(["x"]);
  });

  it("hands the engine a bounded part of the text for each look", () => {
    const lengths: number[] = [];
    const engine = {
      compile(pattern: string): EnginePattern {
        const compiled = RE2JS.compile(pattern);
        return {
          programSize: () => compiled.programSize(),
          matcher: (text) => {
            lengths.push(text.length);
            return compiled.matcher(text);
          },
        };
      },
    };
    compileCustomPattern({ name: "x", pattern: "[a-z]+@" }, engine).find("a".repeat(100_000));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(260);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(3 * 100_000);
  });

  it("loads the engine that is installed", async () => {
    const engine = await loadPatternEngine();
    expect(compileCustomPattern({ name: "a", pattern: "a+" }, engine).find("baa")).toEqual([
      { start: 1, end: 3 },
    ]);
  });
});
