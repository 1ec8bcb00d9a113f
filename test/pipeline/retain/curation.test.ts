import { describe, expect, it } from "vitest";
import { curateHits } from "../../../src/pipeline/retain/curation/curate-hits.js";
import { mergeExternalHits } from "../../../src/pipeline/retain/curation/merge-external-hits.js";
import { parseCuration } from "../../../src/pipeline/retain/curation/parse-curation.js";

describe("parseCuration", () => {
  it.each([
    ['{"action": "UPDATE", "merge_target_id": "m1"}', "update", "m1"],
    ['{"action": "delete", "merge_target_id": "made up"}', "add", undefined],
    ['{"action": "merge"}', "add", undefined],
    ['{"action": "skip"}', "skip", undefined],
    ['{"action": "fly"}', "add", undefined],
    ["[]", "add", undefined],
  ])("decides on %s", (reply, action, targetId) => {
    const decision = parseCuration(reply, ["m1"]);
    expect([decision.action, decision.targetId]).toEqual([action, targetId]);
  });
});

describe("curateHits", () => {
  const now = "2025-01-15T12:00:00+00:00";

  it("weighs relevance, freshness, reliability and salience", () => {
    const hits = [
      { text: "a", score: 0.7, factType: "observation", memoryLayer: "observation" },
      { text: "b", score: 0.9, factType: "world", occurredAt: now },
    ];
    const scored = curateHits(hits, { now }).map(({ text, score }) => [text, score]);
    expect(scored).toEqual([
      ["b", expect.closeTo(0.81)],
      ["a", expect.closeTo(0.63)],
    ]);
    expect(curateHits(hits, { now, minScore: 0.7 })).toHaveLength(1);
  });
});

describe("mergeExternalHits", () => {
  const result = {
    hits: [
      { text: "same", score: 0.5 },
      { text: "b", score: 0.4 },
    ],
    totalAvailable: 2,
    truncated: false,
    topSemanticScore: 0,
  };

  it("prefers hits from elsewhere at equal scores, and no text comes twice", () => {
    const external = [{ text: "same", score: 0.5, source: "ext" }];
    const merged = mergeExternalHits(result, external, 10);
    expect(merged.hits.map(({ text, source }) => [text, source])).toEqual([
      ["same", "ext"],
      ["b", undefined],
    ]);
    expect(merged.totalAvailable).toBe(3);
  });

  it("gives none when none are asked for", () => {
    expect(mergeExternalHits(result, [], 0).hits).toEqual([]);
  });
});
