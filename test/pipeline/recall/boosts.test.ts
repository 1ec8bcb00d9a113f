import {
  applyBoosts,
  boostMultiplier,
  proofScore,
  recencyScore,
  temporalOverlapScore,
} from "astrocyte/pipeline";
import { describe, expect, it } from "vitest";

const nowMs = Date.UTC(2025, 0, 15, 12);
const may = ["2024-05-01T00:00:00+00:00", "2024-05-31T23:59:59+00:00"] as [string, string];

describe("recencyScore", () => {
  it.each([
    [undefined, 0.5],
    ["2025-01-15T12:00:00+00:00", 1],
    ["2026-01-15T12:00:00+00:00", 1],
    ["2010-01-01T00:00:00+00:00", 0.1],
  ])("of %j is %d", (saidAt, expected) => {
    expect(recencyScore(saidAt, nowMs)).toBe(expected);
  });

  it.each([0, -1, Number.NaN])("refuses a window of %d days", (windowDays) => {
    expect(() => recencyScore(undefined, nowMs, windowDays)).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_CONFIG" }),
    );
  });
});

describe("temporalOverlapScore", () => {
  it("prefers the time of the event to when it was said", () => {
    const saidAt = "2024-05-10T00:00:00+00:00";
    expect(temporalOverlapScore({ saidAt }, may)).toBe(1);
    expect(temporalOverlapScore({ saidAt, occurredFrom: "2024-04-01T00:00:00+00:00" }, may)).toBe(
      0.2,
    );
  });

  it("takes an open beginning from when it was said", () => {
    const dates = {
      saidAt: "2024-04-02T00:00:00+00:00",
      occurredTo: "2024-05-02T00:00:00+00:00",
    };
    expect(temporalOverlapScore(dates, may)).toBe(1);
  });

  it("is neutral when either time is unknown", () => {
    expect(temporalOverlapScore({}, may)).toBe(0.5);
    expect(temporalOverlapScore({ saidAt: may[0] }, undefined)).toBe(0.5);
  });
});

describe("proofScore", () => {
  it.each([
    [undefined, 0.5],
    [0, 0.5],
    [1, 0.5],
    [3, 0.609861],
    [1000, 1],
  ])("of %j proofs is %d", (count, expected) => {
    expect(proofScore(count)).toBeCloseTo(expected, 6);
  });
});

describe("boostMultiplier", () => {
  it("multiplies the three boosts", () => {
    const facts = { saidAt: "2024-06-10T00:00:00+00:00", proofCount: 5 };
    expect(boostMultiplier(facts, { nowMs, queryRange: may })).toBeCloseTo(0.935764463, 9);
  });

  it.each([-0.1, 2, Number.NaN])("refuses a share of %d", (recencyAlpha) => {
    expect(() => boostMultiplier({}, { nowMs, recencyAlpha })).toThrow(
      expect.objectContaining({ code: "ASTROCYTE_CONFIG" }),
    );
  });
});

describe("applyBoosts", () => {
  it("sorts by the boosted scores and raises negative ones too", () => {
    const items = [
      { id: "old", score: 1 },
      { id: "new", score: 0.98 },
      { id: "logit", score: -2 },
    ];
    const dates = { old: "2020-01-01T00:00:00+00:00", new: "2025-01-15T12:00:00+00:00" };
    const factsOf = ({ id }: { id: string }) => ({ saidAt: id === "old" ? dates.old : dates.new });
    const boosted = applyBoosts(items, factsOf, { nowMs });
    expect(boosted.map(({ id }) => id)).toEqual(["new", "old", "logit"]);
    expect(boosted[2]?.score).toBeGreaterThan(-2);
  });
});
