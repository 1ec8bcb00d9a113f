import { formatTrace, hitExplanationSchema, recallResultSchema, fromWire, toWire } from "astrocyte";
import { describe, expect, it } from "vitest";
import { createBrain } from "./brain.js";

const bankId = "user-1";

async function filled(preset: "default" | "reference") {
  const world = createBrain({ pipeline: { preset } });
  for (const content of ["Alice likes green tea", "Bob likes coffee", "Rain is likely"]) {
    await world.brain.retain(content, { bankId, tags: ["note"], metadata: { session_id: "s" } });
    world.clock.advance(60_000);
  }
  return world;
}

describe("an explained recall", () => {
  it("says in the default preset what each sign added", async () => {
    const { brain } = await filled("default");
    const options = { bankId, explain: true, tags: ["note"] };
    const { hits, trace } = await brain.recall("Does Alice like tea?", options);
    const [first] = hits;
    expect(first?.explanation).toMatchObject({
      strategies: { ranking: { rank: 1 }, semantic: { rank: 1 }, keyword: { rank: 1 } },
      filters: ["tags"],
      boosts: {},
    });
    expect(first?.explanation?.fusedScore).toBe(first?.score);
    const signs = Object.values(first?.explanation?.signs ?? {});
    const total = signs.reduce((sum, value) => sum + value, 0);
    expect(total).toBeCloseTo(first?.explanation?.strategies["ranking"]?.score ?? Number.NaN, 5);
    expect(Object.keys(trace?.stageTimingsMs ?? {})).toEqual(
      expect.arrayContaining(["embedding", "search", "ordering"]),
    );
  });

  it("says in the reference preset who found it where, and what each stage changed", async () => {
    const { brain } = await filled("reference");
    const options = { bankId, explain: true };
    const { hits } = await brain.recall("Does Alice like tea?", options);
    for (const { score, explanation } of hits) {
      const { fusedScore = Number.NaN, boosts = {}, strategies = {} } = explanation ?? {};
      const moved = Object.values(boosts).reduce((sum, value) => sum + value, 0);
      expect(score).toBeCloseTo(fusedScore + moved, 12);
      expect(strategies["semantic"]?.rank).toBeGreaterThan(0);
      expect(hitExplanationSchema.parse(explanation)).toEqual(explanation);
    }
    expect(hits[0]?.explanation?.boosts["shared_words"]).toBeCloseTo(0.2, 12);
    expect(hits[1]?.explanation?.boosts["diversity"]).toBeLessThan(0);
  });

  it("keeps its explanations on the wire", async () => {
    const { brain } = await filled("default");
    const result = await brain.recall("tea", { bankId, explain: true });
    expect(fromWire(recallResultSchema, toWire(recallResultSchema, result))).toEqual(result);
  });

  it("costs a recall that is not explained nothing", async () => {
    const { brain } = await filled("reference");
    const { hits, trace } = await brain.recall("tea", { bankId });
    expect(hits.every(({ explanation }) => explanation === undefined)).toBe(true);
    expect(trace?.stageTimingsMs).toBeUndefined();
    const explained = await brain.recall("tea", { bankId, explain: true });
    const withoutExplanation = explained.hits.map(({ explanation: _explanation, ...hit }) => hit);
    expect(withoutExplanation).toEqual(hits);
  });
});

describe("formatTrace", () => {
  it("prints a table of what speaks for each hit", async () => {
    const { brain } = await filled("reference");
    const result = await brain.recall("Does Alice like tea?", { bankId, explain: true });
    const lines = formatTrace(result).split("\n");
    expect(lines[0]).toBe("3 of 3 hits, rrf, 0 ms");
    expect(lines[1]).toMatch(/^milliseconds: embedding 0, /);
    expect(lines[2]).toBe("candidates: semantic 3, keyword 1, temporal 3");
    expect(lines[3]).toMatch(/^#\s+score\s+memory\s+found by\s+signs \| boosts \| filters\s+text$/);
    expect(lines[4]).toMatch(/semantic #1 \(0\.\d+\).*shared_words \+0\.2.*Alice likes green tea$/);
    expect(lines).toHaveLength(7);
  });

  it("reads without an explanation too, and when there is nothing", async () => {
    const { brain } = await filled("default");
    expect(formatTrace(await brain.recall("tea", { bankId }))).toContain("keyword");
    expect(formatTrace(await brain.recall("tea", { bankId: "nobody" }))).toContain("0 of 0 hits");
    const bare = { hits: [], totalAvailable: 0, truncated: true, topSemanticScore: 0 };
    expect(formatTrace(bare)).toBe("0 of 0 hits, none, truncated");
  });

  it("lets no text begin a line of its own", () => {
    const text = "a\nleft out: nothing\u2028b\u001b[31m";
    const hit = { text, score: 1, memoryId: "m\n1", strategies: ["semantic"] };
    const trace = { failures: ["stage: E\nrror"], timeRange: undefined };
    const usage = { calls: 1, inputTokens: 2, outputTokens: 3 };
    const result = { hits: [hit], totalAvailable: 1, truncated: false, topSemanticScore: 0 };
    const lines = formatTrace({ ...result, trace, usage }).split("\n");
    expect(lines).toHaveLength(5);
    expect(lines).toContain("left out: stage: E rror");
    expect(lines).toContain("model: 1 calls, 2 + 3 tokens");
  });
});
