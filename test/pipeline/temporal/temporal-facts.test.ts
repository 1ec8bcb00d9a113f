import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  rangeOfTemporalFacts,
  resolveTemporalFacts,
  temporalMetadata,
} from "../../../src/pipeline/temporal/temporal-facts.js";
import { extractTemporalHints } from "../../../src/pipeline/temporal/temporal-hints.js";

/** A Wednesday. */
const anchor = "2024-05-15T10:30:00+00:00";
const resolved = (text: string) =>
  resolveTemporalFacts(text, anchor).map(({ resolvedDate }) => resolvedDate);

describe("extractTemporalHints", () => {
  it("lists every expression once, as it stands in the text", () => {
    expect(extractTemporalHints("YESTERDAY, yesterday, last  Friday and two weekends ago")).toEqual(
      [
        { kind: "relative_day", phrase: "YESTERDAY" },
        { kind: "relative_weekday", phrase: "last  Friday" },
        { kind: "relative_weekend", phrase: "two weekends ago" },
      ],
    );
  });
});

describe("resolveTemporalFacts", () => {
  it.each([
    ["yesterday", "2024-05-14"],
    ["last week", "2024-05-08"],
    ["last Friday", "2024-05-10"],
    ["previous Wednesday", "2024-05-08"],
    ["one weekend ago", "2024-05-11"],
    ["two weekends ago", "2024-05-04"],
    ["three months earlier", "2024-02-15"],
    ["0 days ago", "2024-05-15"],
  ])("%s is %s", (text, expected) => {
    expect(resolved(text)).toEqual([expected]);
  });

  it("leaves out what no calendar holds", () => {
    expect(resolved("99999999 days ago, 99999999999999999999999 years ago")).toEqual([]);
  });

  it("resolves nothing without an anchor", () => {
    expect(resolveTemporalFacts("yesterday", undefined)).toEqual([]);
  });

  it("counts a weekend back from one that is under way", () => {
    for (const day of ["2024-05-11", "2024-05-12"]) {
      const facts = resolveTemporalFacts("one weekend ago", `${day}T09:00:00+00:00`);
      expect(facts[0]?.resolvedDate).toBe("2024-05-04");
    }
  });

  it("never resolves to a day after the anchor", () => {
    const text = fc
      .array(fc.constantFrom("last", "previous", "monday", "sunday", "7", "two", "weekends", "ago"))
      .map((parts) => parts.join(" "));
    const day = fc
      .integer({ min: 0, max: 2_000_000_000_000 })
      .map((ms) => new Date(ms).toISOString().replace("Z", "+00:00"));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary" })), day, (content, now) => {
        for (const fact of resolveTemporalFacts(content, now)) {
          expect(fact.resolvedDate <= fact.anchorDate).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is stored about facts", () => {
  const facts = resolveTemporalFacts("last monday or previous sunday", anchor);

  it("joins the values of several", () => {
    expect(temporalMetadata(facts)).toEqual({
      temporal_phrase: "last monday|previous sunday",
      resolved_date: "2024-05-13|2024-05-12",
      temporal_anchor: "2024-05-15",
      date_granularity: "day|day",
    });
    expect(temporalMetadata([])).toEqual({});
  });

  it("gives the range of the first", () => {
    expect(rangeOfTemporalFacts(facts)).toEqual([
      "2024-05-13T00:00:00+00:00",
      "2024-05-14T00:00:00+00:00",
    ]);
    expect(rangeOfTemporalFacts([])).toBeUndefined();
  });
});
