import {
  basicRerank,
  contentTerms,
  externalCandidates,
  heuristicRerank,
  isNameShaped,
  properNouns,
  reciprocalRankFusion,
  spreadSessions,
  termsOf,
  titleCaseNames,
  weighLayers,
  type RankedMemory,
} from "astrocyte/pipeline";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const memory = (id: string, score: number, text = "x", rest: Partial<RankedMemory> = {}) => ({
  id,
  score,
  text,
  ...rest,
});
const proofs = (count: number | string, factType: string) =>
  memory(factType, 0, "x", { factType, metadata: { _obs_proof_count: count } });
const session = (id: string, score: number, sessionId: string | number) =>
  memory(id, score, "x", { metadata: { session_id: sessionId } });
const scored = (memories: readonly RankedMemory[]) =>
  memories.map(({ id, score }) => [id, Number(score.toFixed(6))]);
const hostile = fc.string({ unit: "binary" });
const memories = fc.array(
  fc.record({ id: fc.uuid(), text: hostile, score: fc.double({ min: 0, max: 1, noNaN: true }) }),
  { maxLength: 5 },
);

describe("termsOf", () => {
  it("strips ASCII punctuation from the ends of words only", () => {
    expect(termsOf("Hello, (World)! it's a-b «c» --")).toEqual([
      "hello",
      "world",
      "it's",
      "a-b",
      "«c»",
    ]);
  });

  it("takes linear time on punctuation", () => {
    const start = performance.now();
    termsOf(`a${"!".repeat(200_000)}b`);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("contentTerms", () => {
  it("leaves out question words and short words, counted in code points", () => {
    expect([...contentTerms("what did the 🎉🎉 dog eat 🎉🎉🎉")]).toEqual([
      "the",
      "dog",
      "eat",
      "🎉🎉🎉",
    ]);
  });
});

describe("names", () => {
  it.each(["Alice", "O'Brien", "Mary-Ann", "Émile", "ǅ"])("%j is in title case", (word) => {
    expect(titleCaseNames(word).size).toBe(1);
  });

  it.each(["McDonald", "alice", "ALICE", "What", "東京", "A1"])("%j is not", (word) => {
    expect(titleCaseNames(word).size).toBe(0);
  });

  it("counts words of capitals as proper nouns, from two letters on", () => {
    expect([...properNouns("USA U Alice WHAT tea")]).toEqual(["usa", "u", "alice"]);
  });

  it.each([
    ["Jean-Paul", true],
    ["O’Neil", true],
    ["x-", false],
    ["", false],
    ["a b", false],
  ])("the shape of %j as a name is %j", (word, expected) => {
    expect(isNameShaped(word)).toBe(expected);
  });
});

describe("PIPE-8: basicRerank", () => {
  it("adds for shared terms and proper nouns, and keeps ties in order", () => {
    const found = [
      memory("a", 0.5, "Alice likes hiking."),
      memory("b", 0.5, "Bob swims"),
      memory("c", 0.6, "The weather"),
    ];
    expect(scored(basicRerank("What does Alice like?", found))).toEqual([
      ["a", 0.65],
      ["c", 0.6],
      ["b", 0.5],
    ]);
  });

  it("takes a rule's weights", () => {
    const weights = { keywordWeight: 0, properNounWeight: 1 };
    expect(scored(basicRerank("Alice", [memory("a", 0.5, "alice")], weights))).toEqual([
      ["a", 1.5],
    ]);
  });

  it("keeps every other field, the date of the event too", () => {
    const dated = { ...memory("a", 0.5), occurredAt: "2024-01-01T00:00:00+00:00", tags: ["t"] };
    expect(basicRerank("q", [dated])).toEqual([dated]);
  });

  it("adds for the proofs of an observation, up to five, and for no other memory", () => {
    expect(scored(basicRerank("q", [proofs(3, "observation")]))).toEqual([["observation", 0.05]]);
    expect(scored(basicRerank("q", [proofs(99, "observation")]))).toEqual([["observation", 0.1]]);
    expect(scored(basicRerank("q", [proofs("no", "observation")]))).toEqual([["observation", 0]]);
    expect(scored(basicRerank("q", [proofs(99, "world")]))).toEqual([["world", 0]]);
  });

  it("returns the same memories in descending score, for any text", () => {
    fc.assert(
      fc.property(hostile, memories, (query, given) => {
        const ranked = basicRerank(query, given);
        expect(ranked.map(({ id }) => id).toSorted()).toEqual(given.map(({ id }) => id).toSorted());
        expect(ranked.map(({ score }) => score)).toEqual(
          ranked.map(({ score }) => score).toSorted((a, b) => b - a),
        );
      }),
    );
  });
});

describe("PIPE-8: heuristicRerank", () => {
  it("counts terms, phrases and names", () => {
    const found = [
      memory("a", 0.5, "Alice likes hiking in the mountains."),
      memory("b", 0.5, "Bob swims"),
      memory("c", 0.5, "nothing"),
    ];
    expect(scored(heuristicRerank("Alice hiking in the mountains", found))).toEqual([
      ["a", 1.34],
      ["c", 0.5],
      ["b", 0.3],
    ]);
  });

  it("prefers what was derived from memories", () => {
    const found = [
      memory("plain", 0.1),
      memory("observation", 0.1, "x", { memoryLayer: "observation" }),
      memory("compiled", 0.1, "x", { factType: "wiki" }),
    ];
    expect(scored(heuristicRerank("q", found))).toEqual([
      ["compiled", 0.4],
      ["observation", 0.3],
      ["plain", 0.1],
    ]);
  });

  it("keeps the order for a blank query", () => {
    expect(scored(heuristicRerank(" \n", [memory("a", 0.1), memory("b", 0.2)]))).toEqual([
      ["a", 0.1],
      ["b", 0.2],
    ]);
  });

  it("gives no score below 0, for any text", () => {
    fc.assert(
      fc.property(hostile, memories, (query, given) => {
        expect(heuristicRerank(query, given).every(({ score }) => score >= 0)).toBe(true);
      }),
    );
  });
});

describe("PIPE-9: spreadSessions", () => {
  it("moves later memories of a session behind others", () => {
    const found = [
      session("a", 0.9, "s"),
      session("b", 0.88, "s"),
      memory("c", 0.85),
      session("d", 0.8, "s"),
    ];
    expect(scored(spreadSessions("Who?", found))).toEqual([
      ["a", 0.9],
      ["c", 0.85],
      ["b", 0.8],
      ["d", 0.64],
    ]);
  });

  it.each(["How many trips?", "What are they", "list them", "all of it", "which one"])(
    "leaves the list alone for %j",
    (query) => {
      const found = [session("a", 0.9, "s"), session("b", 0.95, "s")];
      expect(spreadSessions(query, found)).toEqual(found);
    },
  );

  it("goes down to 0 and does not raise what is below", () => {
    const found = [session("a", 0.05, 7), session("b", 0.05, 7), session("c", -3, 7)];
    expect(scored(spreadSessions("q", found))).toEqual([
      ["a", 0.05],
      ["b", 0],
      ["c", -3],
    ]);
  });
});

describe("weighLayers", () => {
  it("weighs after fusion, and nothing for a layer without weight", () => {
    const items = [memory("a", 1), memory("b", 1, "x", { memoryLayer: "model" })];
    const fused = reciprocalRankFusion([{ name: "l", items }], 0);
    expect(
      weighLayers(fused, { model: 3 }).map(({ item, fusedScore }) => [item.id, fusedScore]),
    ).toEqual([
      ["b", 1.5],
      ["a", 1],
    ]);
    expect(weighLayers(fused, {})).toEqual(fused);
    // A layer's name must not reach what every object inherits.
    const inherited = fused.map((entry) => ({
      ...entry,
      item: { ...entry.item, memoryLayer: "toString" },
    }));
    expect(weighLayers(inherited, {})).toEqual(inherited);
  });
});

describe("PIPE-16: externalCandidates", () => {
  it("keeps an id and makes one from the text where there is none", () => {
    const hits = [
      { memoryId: "m", text: "a", score: 0.5, bankId: "b", source: "proxy:p" },
      { text: "external fact", score: 0.4 },
    ];
    expect(externalCandidates(hits)).toEqual([
      { id: "m", text: "a", score: 0.5 },
      { id: "ext-c6e1ab9c432c107aa308f5e1", text: "external fact", score: 0.4 },
    ]);
  });
});
