import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  analyseQuery,
  rangeOfQueryTime,
  type QueryTime,
} from "../../../src/pipeline/temporal/analyse-query.js";
import { expandTemporalExpression } from "../../../src/pipeline/temporal/expand-temporal-expression.js";

/** A Wednesday. */
const anchor = "2024-05-15T12:00:00+00:00";

const ends = (time: QueryTime | undefined) =>
  time === undefined
    ? "none"
    : `${time.start?.replace("+00:00", "") ?? ""}/${time.end?.replace("+00:00", "") ?? ""}`;

const analyse = (query: string) => ends(analyseQuery(query, { anchor }));

describe("PIPE-21: analyseQuery", () => {
  it.each([
    ["what happened on 2024-03-15?", "2024-03-15T00:00:00/2024-03-15T23:59:59"],
    ["2024-02", "2024-02-01T00:00:00/2024-02-29T23:59:59"],
    ["yesterday", "2024-05-14T00:00:00/2024-05-14T23:59:59"],
    ["last week", "2024-05-06T12:00:00/2024-05-13T11:59:59"],
    ["LAST  month", "2024-04-01T00:00:00/2024-04-30T23:59:59"],
    ["3 days ago", "2024-05-12T00:00:00/2024-05-15T12:00:00"],
    ["two weeks ago", "2024-04-24T12:00:00/2024-05-08T12:00:00"],
    ["a few days ago", "2024-05-10T12:00:00/2024-05-13T12:00:00"],
    ["March 2024", "2024-03-01T00:00:00/2024-03-31T23:59:59"],
    ["in 2022 we moved", "2022-01-01T00:00:00/2022-12-31T23:59:59"],
    ["may I ask something", "none"],
    ["who is Alice", "none"],
    ["x2024-03-15", "none"],
    ["", "none"],
  ])("%s", (query, expected) => {
    expect(analyse(query)).toBe(expected);
  });

  it.each([
    ["before 2022", "/2021-12-31T23:59:59"],
    ["before the year 2022", "/2021-12-31T23:59:59"],
    ["until 2022", "/2022-12-31T23:59:59"],
    ["since March 2024", "2024-03-01T00:00:00/"],
    ["after yesterday", "2024-05-15T00:00:00/"],
    ["after yesterday's meeting", "2024-05-14T00:00:00/"],
    ["since 3 days ago", "2024-05-12T00:00:00/"],
    ["after 3 days ago", "2024-05-13T00:00:00/"],
    ["before 2 weeks ago", "/2024-05-01T11:59:59"],
    ["from 2022 onwards", "2022-01-01T00:00:00/"],
    ["the day before yesterday", "2024-05-13T00:00:00/2024-05-13T23:59:59"],
    ["3 weeks after 2024-03-01", "2024-03-02T00:00:00/2024-03-22T23:59:59"],
    ["before the 2022 election", "2022-01-01T00:00:00/2022-12-31T23:59:59"],
  ])("leaves open what a direction leaves open: %s", (query, expected) => {
    expect(analyse(query)).toBe(expected);
  });

  it.each([
    ["between 2024-01-05 and 2024-02-10", "2024-01-05T00:00:00/2024-02-10T23:59:59"],
    ["from 2020 to 2022", "2020-01-01T00:00:00/2022-12-31T23:59:59"],
    ["2022-2020", "2020-01-01T00:00:00/2022-12-31T23:59:59"],
    ["between March and May 2024", "2024-03-01T00:00:00/2024-05-31T23:59:59"],
    ["from 2022 until now", "2022-01-01T00:00:00/2024-05-15T23:59:59"],
    ["in 2020 and 2022", "2020-01-01T00:00:00/2020-12-31T23:59:59"],
  ])("spans two dates: %s", (query, expected) => {
    expect(analyse(query)).toBe(expected);
  });

  it.each(["jan 5 2024", "January 5th, 2024", "5 Jan 2024", "the 5th of January 2024"])(
    "reads a day with the month's name: %s",
    (query) => {
      expect(analyse(query)).toBe("2024-01-05T00:00:00/2024-01-05T23:59:59");
    },
  );

  it.each(["room 1984", "invoice #2020", "$2000", "2000 steps", "99999 years ago", "9999-12-31"])(
    "finds no time in %s",
    (query) => {
      expect(analyse(query)).toBe("none");
    },
  );

  it("knows a year by its preposition whatever follows", () => {
    expect(analyse("in 2020 people moved")).toBe("2020-01-01T00:00:00/2020-12-31T23:59:59");
  });

  it("does not turn a window round that lies before the floor of five years", () => {
    expect(analyse("ten years ago")).toBe("2013-05-18T12:00:00/2015-05-18T12:00:00");
  });

  it("has no vague expressions when they are off", () => {
    expect(analyseQuery("recently", { anchor, expansion: false })).toBeUndefined();
    expect(analyse("recently")).toBe("2024-05-01T12:00:00/2024-05-16T12:00:00");
  });

  it("counts days where the asker lives", () => {
    const late = { anchor: "2024-05-15T22:30:00+00:00", utcOffsetMinutes: 120 };
    expect(ends(analyseQuery("today", late))).toBe("2024-05-15T22:00:00/2024-05-16T21:59:59");
  });

  it("says which words it went by", () => {
    expect(analyseQuery("What about Last  Week?", { anchor })?.phrase).toBe("Last  Week");
  });

  it("does not end a word inside another script's letters", () => {
    expect(analyse("éyesterday")).toBe("none");
    expect(analyse("yesterday見")).toBe("none");
  });

  it("refuses an anchor that is no date", () => {
    expect(() => analyseQuery("today", { anchor: "soon" })).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_INVALID_ARGUMENT" }),
    );
  });
});

const words = fc.constantFrom(
  "before",
  "since",
  "after",
  "between",
  "and",
  "to",
  "the",
  "year",
  "month",
  "a",
  "last",
  "ago",
  "few",
  "three",
  "99999999999999999999",
  "9999",
  "0001-01-01",
  "2024-02-30",
  "2024",
  "may",
  "31",
  "1900",
  "yesterday",
  "recently",
  "-",
  "'s",
);
const text = fc.oneof(
  fc.array(words, { maxLength: 8 }).map((parts) => parts.join(" ")),
  fc.string({ unit: "binary" }),
);
const instant = fc
  .integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
  .map((ms) => new Date(ms).toISOString().replace("Z", "+00:00"));

/** What a plain `max(start, floor)` does to "N years ago", in days before the anchor. */
function staysInOrderWhenCutOff(years: number): boolean {
  return Math.min((years + 1) * 365, 5 * 365) >= (years - 1) * 365;
}

describe("any query", () => {
  it("gives a range with its earlier end first, or none", () => {
    fc.assert(
      fc.property(text, instant, fc.boolean(), (query, now, expansion) => {
        const time = analyseQuery(query, { anchor: now, expansion });
        if (time === undefined) return;
        const [start, end] = rangeOfQueryTime(time);
        expect(start <= end).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it("would not, were the floor applied to every window", () => {
    expect(() => {
      fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), staysInOrderWhenCutOff));
    }).toThrow(/Counterexample/);
  });

  it("is read in time that grows with its length", () => {
    const patterns = [" ", "last ", "may ", "1 ", "2024-", "a few ", "before ", "3 day "];
    for (const pattern of patterns) {
      const query = pattern.repeat(Math.ceil(400_000 / pattern.length));
      const started = performance.now();
      analyseQuery(query, { anchor });
      analyseQuery(`a${" ".repeat(400_000)}b`, { anchor });
      expect(performance.now() - started).toBeLessThan(1500);
    }
  });
});

describe("rangeOfQueryTime", () => {
  it("closes open ends", () => {
    expect(rangeOfQueryTime({ start: anchor })).toEqual([anchor, "2200-01-01T00:00:00+00:00"]);
    expect(rangeOfQueryTime({ end: anchor })).toEqual(["1900-01-01T00:00:00+00:00", anchor]);
  });

  it("never ends before it starts", () => {
    const early = "1850-01-01T00:00:00+00:00";
    const late = "3000-01-01T00:00:00+00:00";
    expect(rangeOfQueryTime({ end: early })).toEqual(["0001-01-01T00:00:00+00:00", early]);
    expect(rangeOfQueryTime({ start: late })[1] > late).toBe(true);
  });
});

describe("expandTemporalExpression", () => {
  it("takes earlier this week to be over by now", () => {
    expect(expandTemporalExpression("earlier this week", anchor)).toEqual([
      "2024-05-08T12:00:00+00:00",
      anchor,
    ]);
  });

  it("gives no range outside the calendar", () => {
    expect(expandTemporalExpression("99999 years ago", anchor)).toBeUndefined();
    expect(expandTemporalExpression("today", "9999-12-31T12:00:00+00:00")).toBeUndefined();
  });
});
