import {
  abstentionFloor,
  abstentionSkepticism,
  choosePromptVariant,
  resolvePromptVariant,
  shouldAbstain,
  traitSentences,
  variantInstructions,
} from "astrocyte/pipeline";
import { describe, expect, it } from "vitest";

describe("PIPE-19: abstention", () => {
  it("has the floors 0, 0.1, 0.2, 0.3 and 0.4", () => {
    expect(
      [1, 2, 3, 4, 5].map((skepticism) => Number(abstentionFloor(skepticism).toFixed(9))),
    ).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    expect(abstentionFloor(5, 0.9)).toBe(1);
  });

  it("is off by default, and on with any dispositions", () => {
    expect(abstentionSkepticism(undefined, false)).toBe(1);
    expect(abstentionSkepticism(undefined, true)).toBe(3);
    expect(abstentionSkepticism({ skepticism: 3 }, false)).toBe(3);
  });

  it("needs weak evidence in the best similarity and in each of the first five hits", () => {
    const weak = Array.from({ length: 6 }, () => ({ score: 0.1 }));
    expect(shouldAbstain(weak, 0.1, 0.2)).toBe(true);
    expect(shouldAbstain([], 0, 0.2)).toBe(true);
    expect(shouldAbstain(weak, 0.2, 0.2)).toBe(false);
    expect(shouldAbstain(weak.with(4, { score: 0.3 }), 0.1, 0.2)).toBe(false);
    expect(shouldAbstain(weak.with(5, { score: 0.3 }), 0.1, 0.2)).toBe(true);
    expect(shouldAbstain(weak, 0, 0)).toBe(false);
  });
});

describe("PIPE-18: prompt variants", () => {
  it("prefers a rule, then strictness for weak evidence, then the plan", () => {
    const ruled = "temporal_aware";
    const planned = "grounded_synthesis";
    expect(choosePromptVariant({ ruled, planned, topSemanticScore: 0.1 })).toBe(ruled);
    expect(choosePromptVariant({ planned, topSemanticScore: 0.49 })).toBe("evidence_strict");
    expect(choosePromptVariant({ planned, topSemanticScore: 0.5 })).toBe(planned);
    expect(choosePromptVariant({ topSemanticScore: 0.5 })).toBe("default");
  });

  it.each([undefined, "", "toString", "Temporal_Aware"])("takes %j for the default", (name) => {
    expect(resolvePromptVariant(name)).toBe("default");
  });

  it("says something of its own in each", () => {
    const variants = [
      "default",
      "temporal_aware",
      "evidence_strict",
      "evidence_inference",
      "grounded_synthesis",
    ] as const;
    expect(new Set(variants.map(variantInstructions)).size).toBe(variants.length);
  });
});

const sentencesOf = (empathy: number) => traitSentences({ skepticism: 3, literalism: 3, empathy });

describe("PIPE-17: traitSentences", () => {
  it("says nothing for neutral traits and one sentence for each other", () => {
    expect(traitSentences(undefined)).toEqual([]);
    expect(traitSentences({ skepticism: 3, literalism: 3, empathy: 3 })).toEqual([]);
    expect(traitSentences({ skepticism: 4, literalism: 2, empathy: 3 })).toHaveLength(2);
  });

  it("has the same sentence for 1 and 2, another for 4 and 5", () => {
    expect(sentencesOf(1)).toEqual(sentencesOf(2));
    expect(sentencesOf(4)).toEqual(sentencesOf(5));
    expect(sentencesOf(1)).not.toEqual(sentencesOf(5));
  });
});
