import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PiiRejectedError } from "../../../src/errors.js";
import { applyMatches, type PiiRules } from "../../../src/policy/pii/apply-matches.js";
import { mergeMatches } from "../../../src/policy/pii/merge-matches.js";
import { PiiDetector } from "../../../src/policy/pii/pii-detector.js";
import type { PiiMatch } from "../../../src/policy/pii/pii-match.js";
import { redactPii } from "../../../src/policy/pii/redact-pii.js";

const redact: PiiRules = { action: "redact" };
const everything = new PiiDetector({
  countries: "AU CA CN DE ES FR IN IT JP SG UK US".split(" "),
});

function match(type: string, start: number, end: number): PiiMatch {
  return { type, start, end, text: "", replacement: `[${type}]` };
}

/** What is left of a text outside the spans, in pieces. */
function outside(text: string, matches: readonly PiiMatch[]): string[] {
  const covered = new Set(
    matches.flatMap(({ start, end }) =>
      Array.from({ length: end - start }, (_, offset) => start + offset),
    ),
  );
  const pieces = [""];
  for (const [at, character] of Array.from(text).entries()) {
    if (!covered.has(at)) pieces[pieces.length - 1] += character;
    else if (pieces.at(-1) !== "" || at === 0 || !covered.has(at - 1)) pieces.push("");
  }
  return pieces.filter((piece) => piece !== "");
}

/** Replaces from the right without merging, which is what must be told from the real thing. */
function naive(text: string, matches: readonly PiiMatch[]): string {
  let result = text;
  for (const { start, end, replacement } of matches.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + replacement + result.slice(end);
  }
  return result;
}

describe("applyMatches", () => {
  it("replaces a cluster of overlapping spans whole, under the earliest and longest", () => {
    const matches = [match("a", 2, 5), match("b", 4, 9), match("c", 2, 4), match("d", 9, 10)];
    expect(applyMatches("0123456789xyz", matches, redact)).toBe("01[a][d]xyz");
  });

  it("gives equal spans to the match that came first", () => {
    expect(applyMatches("0123", [match("a", 0, 4), match("b", 0, 4)], redact)).toBe("[a]");
  });

  it("prefers the label of an override, and has one for an empty label", () => {
    const rules: PiiRules = {
      action: "redact",
      typeOverrides: { a: { replacement: "<a>" }, b: { replacement: "" } },
    };
    expect(applyMatches("012345", [match("a", 0, 1), match("b", 2, 3)], rules)).toBe(
      "<a>1[REDACTED]345",
    );
  });

  it("leaves what an override only reports, also under what it overlaps", () => {
    const rules: PiiRules = { action: "redact", typeOverrides: { a: { action: "warn" } } };
    expect(applyMatches("0123456789", [match("a", 0, 6), match("b", 4, 8)], rules)).toBe(
      "0123[b]89",
    );
    expect(applyMatches("0123", [match("b", 0, 2)], { action: "warn" })).toBe("0123");
  });

  it("redacts a single type where the others are only reported", () => {
    const rules: PiiRules = { action: "warn", typeOverrides: { b: { action: "redact" } } };
    expect(applyMatches("0123", [match("a", 0, 1), match("b", 2, 3)], rules)).toBe("01[b]3");
  });

  it("rejects with one entry a match, from overlapping ones too, and an override inherits it", () => {
    const rules: PiiRules = {
      action: "reject",
      typeOverrides: { a: { replacement: "x" }, b: { action: "warn" } },
    };
    const matches = [match("a", 0, 4), match("a", 2, 4), match("b", 0, 1), match("c", 0, 4)];
    const attempt = () => applyMatches("0123", matches, rules);
    expect(attempt).toThrow(PiiRejectedError);
    expect(attempt).toThrow("Content rejected: PII detected (a, a, c)");
  });

  it("does not take a type for a property that every object has", () => {
    expect(
      applyMatches("01", [match("constructor", 0, 1)], { action: "redact", typeOverrides: {} }),
    ).toBe("[constructor]1");
  });

  it("counts code points", () => {
    expect(applyMatches("🎉🎉0🎉", [match("a", 1, 3)], redact)).toBe("🎉[a]🎉");
  });

  const spans = fc.array(
    fc.tuple(fc.nat(20), fc.nat(8)).map(([start, length]) => match("x", start, start + length + 1)),
    { maxLength: 6 },
  );
  // Every character its own, so that a survivor shows.
  const text = "abcdefghijklmnopqrstuvwxyzABCD";

  function survives(apply: (matches: readonly PiiMatch[]) => string): (all: PiiMatch[]) => void {
    return (all) => {
      expect(
        apply(all)
          .split("[x]")
          .filter((piece) => piece !== ""),
      ).toEqual(outside(text, all));
    };
  }

  it("keeps exactly what no span covers", () => {
    fc.assert(
      fc.property(
        spans,
        survives((all) => applyMatches(text, all, redact)),
      ),
    );
  });

  it("is told from replacing one by one", () => {
    const property = fc.property(
      spans,
      survives((all) => naive(text, all)),
    );
    expect(fc.check(property, { seed: 1 }).failed).toBe(true);
  });
});

describe("mergeMatches", () => {
  it("keeps the earliest, then the longest, then the first given", () => {
    const kept = mergeMatches([
      match("a", 2, 6),
      match("b", 0, 4),
      match("c", 0, 3),
      match("d", 4, 5),
      match("e", 4, 5),
    ]);
    expect(kept.map(({ type }) => type)).toEqual(["b", "d"]);
  });
});

describe("POL-7: redactPii", () => {
  const values = [
    "4111111111111111",
    "5551234567",
    "DE89370400440532013000",
    "123-45-6789",
    "11010519491231002X",
    "943 476 5919",
    "2345 6789 0123",
    "+6591234567",
    "10.0.0.1",
    "a@b.io",
    "046454286",
    "1 85 05 78 006 084 36",
    "123456789",
  ];

  it("leaves no digit of an unformatted card", () => {
    expect(redactPii("card 4111111111111111 ok", new PiiDetector(), redact).text).toBe(
      "card [CC_REDACTED] ok",
    );
    expect(redactPii("invoice 123456789", everything, redact).text).not.toMatch(/\d/);
  });

  it("looks again, because a label can complete a boundary", () => {
    const text = "5551234567123-45-6789";
    const detector = new PiiDetector();
    expect(applyMatches(text, detector.detect(text), redact)).toMatch(/\d{3}-\d{2}-\d{4}/);
    expect(redactPii(text, detector, redact).text).toBe("[PHONE_REDACTED][SSN_REDACTED]");
  });

  it("reports what it found in the text as given", () => {
    const { matches } = redactPii("a@b.io", new PiiDetector(), redact);
    expect(matches).toMatchObject([{ type: "email", start: 0, end: 6 }]);
  });

  it("leaves labels alone, and ends also where a label is personal data itself", () => {
    const customPatterns = [
      {
        name: "word",
        replacement: "[W]",
        find: (text: string) =>
          [...text.matchAll(/EMAIL/g)].map(({ index }) => ({ start: index, end: index + 5 })),
      },
    ];
    const detector = new PiiDetector({ customPatterns });
    expect(redactPii("a@b.io EMAIL", detector, redact).text).toBe("[EMAIL_REDACTED] [W]");
    const rules: PiiRules = {
      action: "redact",
      typeOverrides: { email: { replacement: "c@d.io" } },
    };
    expect(redactPii("a@b.io", new PiiDetector(), rules).text).toBe("c@d.io");
  });

  it.each(values.flatMap((left) => values.map((right) => [left, right])))(
    "leaves nothing of %j next to %j, and does nothing the second time",
    (left, right) => {
      for (const text of [`${left} ${right}`, `${left}${right}`, `é${left}-${right}🎉`]) {
        const matches = everything.detect(text);
        const once = redactPii(text, everything, redact).text;
        const rest = once.replaceAll(/\[[A-Z_]+\]/g, "\0");
        const pieces = applyMatches(text, matches, redact).replaceAll(/\[[A-Z_]+\]/g, "\0");
        expect(pieces.split("\0").filter((piece) => piece !== "")).toEqual(outside(text, matches));
        expect(rest.replaceAll("\0", "").length).toBeLessThanOrEqual(
          outside(text, matches).join("").length,
        );
        expect(redactPii(once, everything, redact).text).toBe(once);
      }
    },
  );

  it("does nothing to a text that it has redacted", () => {
    const unit = fc.constantFrom(...values, ...Array.from("0123456789-. :[]_@aAX\u200b１🎉"));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), (text) => {
        const once = redactPii(text, everything, redact).text;
        expect(redactPii(once, everything, redact).text).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });
});
