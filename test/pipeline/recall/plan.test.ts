import { capitalisedNames, planQuery } from "astrocyte/pipeline";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const variantOf = (query: string) => planQuery(query).promptVariant;

describe("planQuery", () => {
  it("gives a plain question the smallest plan", () => {
    expect(planQuery("Who is Bob's manager?")).toMatchObject({
      intent: "factual",
      promptVariant: undefined,
      recallMaxResults: 30,
      rankLimit: 12,
      expandLimit: 18,
      guidance: [],
      temporalPhrases: [],
    });
  });

  it("gathers more for a question that asks for a collection", () => {
    expect(planQuery("What books has Tim read?")).toMatchObject({
      needsAggregateAnswer: true,
      needsMultiHopSynthesis: true,
      promptVariant: "grounded_synthesis",
      recallMaxResults: 40,
    });
  });

  it("lets time decide before collections, inference and doubt", () => {
    expect(variantOf("what would Ann have done yesterday, across all events?")).toBe(
      "temporal_aware",
    );
    expect(variantOf("how many types would Ann prefer?")).toBe("grounded_synthesis");
    expect(variantOf("what type of car would Ann prefer?")).toBe("evidence_inference");
    expect(variantOf("what type of car is it?")).toBe("evidence_strict");
  });

  it("quotes the phrases of the question in its advice, after all other advice", () => {
    const { guidance, temporalPhrases } = planQuery("How many events were there last week?");
    expect(temporalPhrases).toEqual(["last week"]);
    expect(guidance.map(({ kind }) => kind)).toEqual(["multi_hop", "temporal"]);
    expect(guidance.at(-1)?.text).toContain('"last week"');
  });

  it("plans for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (query) => {
        const plan = planQuery(query);
        expect(plan.rankLimit).toBeLessThan(plan.expandLimit);
        expect(plan.expandLimit).toBeLessThan(plan.recallMaxResults);
      }),
    );
  });

  it.each(["what has ", "who is x a ", "did a ", "interested "])(
    "takes linear time on repetitions of %j",
    (piece) => {
      const start = performance.now();
      planQuery(piece.repeat(200_000 / piece.length));
      expect(performance.now() - start).toBeLessThan(1500);
    },
  );
});

describe("capitalisedNames", () => {
  it("finds capitalised words, two in a row as one", () => {
    expect(capitalisedNames("Alice met Bob Smith in New York City")).toEqual([
      "alice",
      "bob smith",
      "city",
      "new york",
    ]);
  });

  it.each(["ALICE", "iPhone", "Al1ce", "McDonald", "Émile"])("leaves %j out", (text) => {
    expect(capitalisedNames(text)).toEqual([]);
  });

  it("takes linear time", () => {
    const start = performance.now();
    capitalisedNames(`${"A".repeat(50_000)}${"Ab ".repeat(50_000)}${"Abc".repeat(50_000)}`);
    capitalisedNames(`Ab${" ".repeat(100_000)}`.repeat(2));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
