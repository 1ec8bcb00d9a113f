import { classifyIntent, intentWeights, queryIntents, scoreIntents } from "astrocyte/pipeline";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("PIPE-7: classifyIntent", () => {
  it.each([
    ["When did Alice move?", "temporal", 0.7],
    ["compare A vs B", "comparative", 1],
    ["What is the capital?", "factual", 0.8],
    ["How does Alice relate to Bob", "relational", 0.8],
    ["how to install Postgres", "procedural", 1],
    ["tell me about Bob", "exploratory", 0.8],
    ["hello", "unknown", 0],
  ])("reads %j as %s", (query, intent, confidence) => {
    expect(classifyIntent(query)).toMatchObject({ intent, confidence: expect.closeTo(confidence) });
  });

  it("keeps the confidence of what is too weak to be an intent", () => {
    expect(classifyIntent("2023")).toEqual({ intent: "unknown", confidence: 0.2, signalCount: 1 });
  });

  it("counts a signal once and gives a tie to more signals", () => {
    expect(classifyIntent("when when when")).toMatchObject({ confidence: 0.7, signalCount: 1 });
    // factual 0.6 + 0.2, relational 0.8: as strong, but of fewer signals.
    expect(scoreIntents("what is the relation").map(({ intent }) => intent)).toEqual([
      "factual",
      "relational",
    ]);
  });

  it("does not take a part of a word for the word, in any script", () => {
    expect(classifyIntent("whené éwhen").signalCount).toBe(0);
    expect(classifyIntent("when").signalCount).toBe(1);
  });

  it("gives for any text a confidence in [0, 1] and the best of all scores", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (query) => {
        const { confidence, intent } = classifyIntent(query);
        const scores = scoreIntents(query);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(["unknown", scores[0]?.intent]).toContain(intent);
      }),
    );
  });

  it.each(["how ", "between a and ", "1", "one two ", "happened in ", "what has "])(
    "takes linear time on repetitions of %j",
    (piece) => {
      const start = performance.now();
      classifyIntent(piece.repeat(200_000 / piece.length));
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});

describe("intentWeights", () => {
  it("prefers what answers a question of the intent", () => {
    expect(intentWeights("temporal")).toEqual({
      semantic: 0.9,
      keyword: 0.9,
      graph: 0.8,
      temporal: 1.5,
    });
    expect(intentWeights("unknown")).toEqual({ semantic: 1, keyword: 1, graph: 1, temporal: 1 });
  });

  it("mutes no strategy", () => {
    for (const intent of [...queryIntents, "unknown" as const]) {
      expect(Math.min(...Object.values(intentWeights(intent)))).toBeGreaterThan(0);
    }
  });
});
