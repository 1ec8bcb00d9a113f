import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isShellPattern, matchesShellPattern } from "../../src/config/shell-pattern.js";

/** The same by a regular expression: right, but slow on patterns made to be slow. */
function slowMatch(text: string, pattern: string): boolean {
  const source = pattern.replace(/\*|\?|\[(!?)([^\]]+)\]|[\s\S]/gu, (part, not, members) => {
    if (part === "*") return "[^]*";
    if (part === "?") return "[^]";
    if (members !== undefined) return `[${not === "!" ? "^" : ""}${members}]`;
    return part.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "u").test(text);
}

/** Wrong: it knows a star at the end only. */
const prefixMatch = (text: string, pattern: string) =>
  pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern;

describe("matchesShellPattern", () => {
  it.each([
    ["user-1", "user-*", true],
    ["user-", "user-*", true],
    ["use", "user-*", false],
    ["team-b", "team-[a-c]", true],
    ["team-d", "team-[a-c]", false],
    ["team-d", "team-[!a-c]", true],
    ["a]b", "a[]]b", true],
    ["a-b", "a[-x]b", true],
    ["a[b", "a[b", true],
    ["[", "[", true],
    ["TEAM", "team", false],
    ["😀x", "?x", true],
    ["", "*", true],
    ["", "?", false],
    ["a\nb", "a*b", true],
  ])("%j against %j is %s", (text, pattern, expected) => {
    expect(matchesShellPattern(text, pattern)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-", "😀"), maxLength: 8 });
    const part = fc.constantFrom("a", "b", "-", "*", "?", "[ab]", "[!a]", "[a-b]", "😀");
    const pattern = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
    const property = (match: typeof matchesShellPattern) =>
      fc.check(
        fc.property(text, pattern, (subject, glob) => {
          expect(match(subject, glob)).toBe(slowMatch(subject, glob));
        }),
        { numRuns: 500 },
      );
    expect(property(matchesShellPattern).failed).toBe(false);
    expect(property(prefixMatch).failed).toBe(true);
  });

  it("takes no longer on patterns that are made to be slow", () => {
    const before = performance.now();
    expect(matchesShellPattern("a".repeat(2000), `${"a*".repeat(500)}b`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it("knows a pattern by its marks", () => {
    expect(["a*", "a?", "[a"].every(isShellPattern)).toBe(true);
    expect(["a", "a]", "a.b:c@d-e"].some(isShellPattern)).toBe(false);
  });
});
