import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexedWords } from "../../../adapters/postgres/words.js";
import { item, startWithVectors, useServer } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "bank" };

// None of them is changed by stemming.
const vocabulary = ["tea", "dog", "park", "oslo", "rain", "night"];
const texts = fc.array(fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 30 }), {
  minLength: 1,
  maxLength: 12,
});

/** Okapi BM25 as the books have it, over lists of words. */
function bm25(documents: readonly string[][], query: readonly string[]): number[] {
  const usual = documents.reduce((sum, words) => sum + words.length, 0) / documents.length;
  const terms = [...new Set(query)].map((term) => {
    const holders = documents.filter((words) => words.includes(term)).length;
    return { term, rarity: Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5)) };
  });
  return documents.map((words) =>
    terms.reduce((sum, { term, rarity }) => {
      const times = words.filter((word) => word === term).length;
      const length = 0.25 + (0.75 * words.length) / usual;
      return sum + (times === 0 ? 0 : (rarity * times * 2.2) / (times + 1.2 * length));
    }, 0),
  );
}

describe("full-text ranking", () => {
  it("is BM25 over the bank, whatever was stored, replaced and deleted before", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([item("a", { bankId: "neighbour", text: "tea ".repeat(100) })]);
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 4 }),
        async (documents, query) => {
          await store.storeVectors([
            item("gone", { text: "tea dog park" }),
            item("d0", { text: "night" }),
          ]);
          await store.storeVectors(
            documents.map((words, index) => item(`d${index}`, { text: words.join(" ") })),
          );
          await store.delete(["gone"], bank);
          const scores = bm25(documents, query);
          const hits = await store.searchFulltext(query.join(" "), { ...bank, limit: 100 });
          expect(hits).toHaveLength(scores.filter((score) => score > 0).length);
          for (const { documentId, score } of hits) {
            expect(score).toBeCloseTo(scores[Number(documentId.slice(1))] ?? Number.NaN, 9);
          }
          expect(hits.map(({ score }) => score)).toEqual(
            hits.map(({ score }) => score).toSorted((a, b) => b - a),
          );
          await store.clearBank(bank);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("counts a word up to 255 times", async () => {
    const { open } = await workspace();
    const store = await open();
    const documents = [1, 2, 3, 4, 5, 8, 13, 100, 200, 254, 255].map((times) =>
      Array.from({ length: 300 }, (_, index) => (index < times ? "tea" : "dog")),
    );
    await store.storeVectors(
      documents.map((words, index) => item(`d${index}`, { text: words.join(" ") })),
    );
    const scores = bm25(documents, ["tea"]);
    const hits = await store.searchFulltext("tea", { ...bank, limit: 20 });
    expect(hits.map(({ documentId }) => documentId)).toEqual(
      documents.map((_, index) => `d${documents.length - 1 - index}`),
    );
    for (const { documentId, score } of hits) {
      expect(score).toBeCloseTo(scores[Number(documentId.slice(1))] ?? Number.NaN, 9);
    }
  });

  it("weighs by the whole bank, whatever the filters leave of it", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors([
      item("a", { text: "tea and rain", tags: ["x"] }),
      item("b", { text: "tea and dogs" }),
      item("c", { text: "nights" }),
    ]);
    const all = await store.searchFulltext("tea", bank);
    const filtered = await store.searchFulltext("tea", { ...bank, filters: { tags: ["x"] } });
    expect(filtered).toEqual(all.filter(({ documentId }) => documentId === "a"));
  });

  it("leaves the later words out of a text with more than an index takes", async () => {
    const { open } = await workspace();
    const store = await open();
    const text = Array.from({ length: 120_000 }, (_, index) => `w${index}é`).join(" ");
    const { count } = indexedWords(text);
    expect(count).toBeLessThan(120_000);
    await store.storeVectors([item("big", { text: `${text} last` })]);
    expect(await store.searchFulltext("w77e", bank)).toHaveLength(1);
    expect(await store.searchFulltext("w119999e", bank)).toEqual([]);
    expect((await store.getDocument("big", bank))?.text).toBe(`${text} last`);
  });
});
