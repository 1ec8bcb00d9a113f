import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.js";
import { coOccurrenceLinks } from "../../../src/pipeline/retain/entities/co-occurrence-links.js";
import { entityId } from "../../../src/pipeline/retain/entities/entity-id.js";
import { metadataEntities } from "../../../src/pipeline/retain/entities/metadata-entities.js";
import { nameSimilarity } from "../../../src/pipeline/retain/entities/name-similarity.js";
import { resolutionOptions } from "../../../src/pipeline/retain/entities/resolution-options.js";
import {
  compositeScore,
  resolutionScore,
} from "../../../src/pipeline/retain/entities/resolution-score.js";
import { resolveAliases } from "../../../src/pipeline/retain/entities/resolve-aliases.js";
import { resolveCanonical } from "../../../src/pipeline/retain/entities/resolve-canonical.js";
import { createInMemoryGraphStore, createScriptedLLM } from "../../../src/testing/index.js";

const bank = { bankId: "b" };
const person = (id: string, name: string) => ({ id, name, entityType: "PERSON", mentionCount: 1 });

async function graphWith(...names: string[]) {
  const graphStore = createInMemoryGraphStore();
  const entities = names.map((name, index) => person(`e${index}`, name));
  await graphStore.storeEntities(entities, bank);
  return graphStore;
}

describe("entityId", () => {
  it("differs for names of every script", () => {
    expect(entityId("PERSON", "Ann  Lee!")).toBe("person:ann-lee");
    const names = ["日本", "東京", "हिन्दी", "!!!", "???", "Zürich", "Zurich"];
    expect(new Set(names.map((name) => entityId("x", name))).size).toBe(names.length);
  });
});

describe("metadataEntities", () => {
  it("splits names, sorts them and takes each person once", () => {
    const metadata = { person: "Zed| ann ,", locomo_speakers: "Ann, Bob", other: "Eve" };
    expect(metadataEntities(metadata).map(({ id, name }) => [id, name])).toEqual([
      ["person:bob", "Bob"],
      ["person:zed", "Zed"],
      ["person:ann", "ann"],
    ]);
    expect(metadataEntities({ person: 5 })).toEqual([]);
  });
});

function pairs(maxEntities: number): string[] {
  return coOccurrenceLinks(["a", "b", "a", "c"], maxEntities).map(
    ({ entityA, entityB }) => entityA + entityB,
  );
}

describe("coOccurrenceLinks", () => {
  it("pairs the first entities, two at least", () => {
    expect(pairs(5)).toEqual(["ab", "ac", "bc"]);
    expect(pairs(0)).toEqual(["ab"]);
  });
});

describe("nameSimilarity", () => {
  it("lies in [0, 1] for any names, is 1 for the same, and takes no time for long ones", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
        expect(nameSimilarity(a, b)).toBeGreaterThanOrEqual(0);
        expect(nameSimilarity(a, b)).toBeLessThanOrEqual(1);
      }),
    );
    expect(nameSimilarity(" ANN", "ann ")).toBe(1);
    expect(nameSimilarity("", " ")).toBe(0);
    const start = performance.now();
    nameSimilarity("ab".repeat(50_000), "ba".repeat(50_000));
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("resolutionOptions", () => {
  it.each([
    [{ skipThreshold: 0.99, nameThreshold: 0.9 }, /skipThreshold/],
    [{ recencyWindowDays: 0 }, /recencyWindowDays/],
    [{ mentionBonus: -1 }, /mentionBonus/],
    [{ nameThreshold: Number.NaN }, /nameThreshold/],
    [{ maxCandidates: 0.5 }, /maxCandidates/],
  ])("refuses %j", (given, message) => {
    expect(() => resolutionOptions(given)).toThrow(ConfigError);
    expect(() => resolutionOptions(given)).toThrow(message);
  });
});

describe("the composite score", () => {
  const settings = resolutionOptions();
  const match = {
    entity: person("e", "Ann"),
    nameSimilarity: 0.6,
    coOccurringNames: ["bob", ""],
    lastSeen: "2024-05-08T12:00:00+00:00",
    mentionCount: 50,
  };
  const date = "2024-05-15T12:00:00+00:00";

  it("adds name, company, nearness in time and mentions", () => {
    expect(compositeScore(match, ["Bob"], date, settings)).toBeCloseTo(0.3 + 0.3 + 0 + 0.05, 9);
    expect(compositeScore(match, [], match.lastSeen, settings)).toBeCloseTo(0.3 + 0.2 + 0.05, 9);
    expect(compositeScore(match, [], undefined, settings)).toBeCloseTo(0.35, 9);
  });

  it("does not gain from being seen after the event", () => {
    const later = { ...match, lastSeen: "2030-01-01T00:00:00+00:00", mentionCount: 1 };
    expect(compositeScore(later, [], date, settings)).toBeCloseTo(0.3, 9);
  });

  it("decides last, after name and embedding", () => {
    const both = { ...match, nameSimilarity: 0.95, embeddingSimilarity: 0.99 };
    expect(resolutionScore(both, 0.9, settings)).toEqual({ score: 0.95, tier: "name" });
    expect(resolutionScore(match, 0.59, settings)).toEqual({ score: 0 });
  });
});

describe("resolveAliases", () => {
  it("joins the same name without a model", async () => {
    const graphStore = await graphWith("Alice Jones");
    const { value, usage } = await resolveAliases(
      [person("n", "alice jones"), person("blank", " ")],
      { graphStore },
      bank,
    );
    expect(value).toEqual([
      {
        entityA: "n",
        entityB: "e0",
        linkType: "alias_of",
        evidence: "name similarity 1.00",
        confidence: 0.95,
      },
    ]);
    expect(usage.calls).toBe(0);
  });

  it.each([
    ['{"same_entity": true, "confidence": 0.8}', 1],
    ['{"same_entity": true, "confidence": 0.7}', 0],
    ['{"same_entity": "true", "confidence": 1}', 0],
    ['{"same_entity": true, "confidence": NaN}', 0],
    ["yes", 0],
  ])("asks the model about what is like it, and on %s joins %i", async (reply, count) => {
    const context = {
      graphStore: await graphWith("Robert Smith"),
      llm: createScriptedLLM({ responses: [reply] }),
    };
    const { value } = await resolveAliases([person("n", "Rob Smith")], context, bank);
    expect(value).toHaveLength(count);
  });

  it("does not take an entity for itself", async () => {
    const graphStore = await graphWith("Ann");
    expect((await resolveAliases([person("e0", "Ann")], { graphStore }, bank)).value).toEqual([]);
  });
});

describe("resolveCanonical", () => {
  it("counts every new name that the stored entity takes in, and remembers other spellings", async () => {
    const graphStore = await graphWith("Alice Jones", "Zed");
    const given = [person("n1", "Alice Jones"), person("n2", "alice jonesy"), person("n3", "Eve")];
    const { entities, canonicalIds } = await resolveCanonical(given, { graphStore }, bank);
    expect(Object.fromEntries(canonicalIds)).toEqual({ n1: "e0", n2: "e0" });
    expect(entities.map(({ id, mentionCount, aliases }) => [id, mentionCount, aliases])).toEqual([
      ["e0", 3, ["alice jonesy"]],
      ["n3", 1, undefined],
    ]);
  });
});
