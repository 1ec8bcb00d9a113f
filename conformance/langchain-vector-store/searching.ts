import assert from "node:assert/strict";
import { hostileNames } from "../hostile-text.js";
import type { Chapter } from "../suite.js";
import {
  add,
  addTexts,
  assertSame,
  contentsOf,
  documentOf,
  found,
  foundWhere,
  query,
  texts,
} from "./fixtures.js";
import {
  capabilitiesOf,
  withoutFilter,
  withoutVariety,
  type LangChainVectorStoreTarget,
} from "./target.js";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";

export const searching: Chapter<LangChainVectorStoreLike, LangChainVectorStoreTarget> = {
  title: "searching",
  statements: [
    {
      id: "LVS-15",
      text: "the most similar document comes first, the least similar last",
      check: async (store, target) => {
        await addTexts(store, target, texts.toReversed());
        assert.deepEqual(await found(store), [...texts]);
        assert.deepEqual(await found(store, texts[3], 1), [texts[3]]);
      },
    },
    {
      id: "LVS-16",
      text: "a search finds k documents, 4 unless told otherwise, and all when there are fewer",
      check: async (store, target) => {
        const contents = Array.from({ length: 6 }, (_, at) => `${query} number${at}`);
        await addTexts(store, target, contents);
        assert.equal((await store.similaritySearch(query, 2)).length, 2);
        assert.equal((await store.similaritySearch(query)).length, 4);
        assert.equal((await store.similaritySearchWithScore(query)).length, 4);
        assertSame(await found(store, query, 50), contents);
      },
    },
    {
      id: "LVS-17",
      text: "a search in an empty store finds nothing",
      check: async (store) => {
        assert.deepEqual(await store.similaritySearch(query, 3), []);
        assert.deepEqual(await store.similaritySearchWithScore(query, 3), []);
      },
    },
    {
      id: "LVS-18",
      text: "scores are finite numbers",
      check: async (store, target) => {
        await addTexts(store, target);
        const hits = await store.similaritySearchWithScore(query, 4);
        assert.equal(hits.length, 4);
        for (const [, score] of hits) assert.ok(Number.isFinite(score), `a score is ${score}`);
      },
    },
    {
      id: "LVS-19",
      text: "scores fall with similarity, or rise with distance, from the first document to the last",
      unless: (target) => capabilitiesOf(target).scoreMeaning === "none" && "scoreMeaning is none",
      check: async (store, target) => {
        await addTexts(store, target);
        const hits = await store.similaritySearchWithScore(query, 4);
        const scores = hits.map(([, score]) => score);
        const isDistance = capabilitiesOf(target).scoreMeaning === "distance";
        const ordered = scores.toSorted((a, b) => (isDistance ? a - b : b - a));
        assert.deepEqual(scores, ordered);
        assert.notEqual(scores[0], scores.at(-1));
      },
    },
    {
      id: "LVS-20",
      text: "a vector of zeros is refused, or gives scores that are finite numbers",
      check: async (store, target) => {
        await addTexts(store, target);
        const zeros = (await store.embeddings.embedQuery(query)).map(() => 0);
        const hits = await store.similaritySearchVectorWithScore(zeros, 4).catch(() => []);
        for (const [, score] of hits) assert.ok(Number.isFinite(score), `a score is ${score}`);
      },
    },
    {
      id: "LVS-21",
      text: "searching by a text and by its vector find the same",
      check: async (store, target) => {
        await addTexts(store, target);
        const vector = await store.embeddings.embedQuery(query);
        const byVector = await store.similaritySearchVectorWithScore([...vector], 3);
        const byText = await store.similaritySearchWithScore(query, 3);
        const bare = await store.similaritySearch(query, 3);
        assert.deepEqual(contentsOf(byVector.map(([document]) => document)), contentsOf(bare));
        assert.deepEqual(contentsOf(byText.map(([document]) => document)), contentsOf(bare));
        assert.deepEqual(
          byVector.map(([, score]) => score.toFixed(5)),
          byText.map(([, score]) => score.toFixed(5)),
        );
      },
    },
    {
      id: "LVS-22",
      text: "vectors and documents that are passed in are not changed",
      check: async (store) => {
        const vectors = await store.embeddings.embedDocuments([...texts]);
        const documents = texts.map((text) => documentOf(text, { nested: { list: [1] } }));
        const before = structuredClone({ vectors, documents });
        await store.addVectors(vectors, documents);
        const [first = []] = vectors;
        await store.similaritySearchVectorWithScore(first, 2);
        assert.deepEqual({ vectors, documents }, before);
      },
    },
    {
      id: "LVS-23",
      text: "a filter leaves only what matches it",
      unless: withoutFilter,
      check: async (store, target) => {
        await add(store, target, [
          documentOf(texts[0], { kind: "a" }),
          documentOf(texts[1], { kind: "b" }),
          documentOf(texts[2], { kind: "a" }),
        ]);
        assert.deepEqual(await foundWhere(store, target, ["kind", "a"]), [texts[0], texts[2]]);
        assert.deepEqual(await foundWhere(store, target, ["kind", "b"]), [texts[1]]);
        assert.deepEqual(await foundWhere(store, target, ["kind", "c"]), []);
        assert.deepEqual(await foundWhere(store, target, ["missing", "a"]), []);
      },
    },
    {
      id: "LVS-24",
      text: "a filter applies before k, so that less similar documents that match are found",
      unless: withoutFilter,
      check: async (store, target) => {
        const others = Array.from({ length: 20 }, (_, at) => documentOf(`${query} number${at}`));
        await add(store, target, [...others, documentOf(texts[3], { kind: "wanted" })]);
        assert.deepEqual(await foundWhere(store, target, ["kind", "wanted"], 1), [texts[3]]);
      },
    },
    {
      id: "LVS-25",
      text: "the value of a filter is taken literally",
      unless: withoutFilter,
      check: async (store, target) => {
        const documents = hostileNames.map((name, at) =>
          documentOf(`${query} number${at}`, { name }),
        );
        await add(store, target, documents);
        for (const [at, name] of hostileNames.entries()) {
          const own = [`${query} number${at}`];
          const matching = await foundWhere(store, target, ["name", name]);
          assert.deepEqual(matching, own, JSON.stringify(name));
        }
      },
    },
    {
      id: "LVS-26",
      text: "maxMarginalRelevanceSearch finds k documents and starts with the most similar",
      unless: withoutVariety,
      check: async (store, target) => {
        await addTexts(store, target, texts.toReversed());
        const documents = await store.maxMarginalRelevanceSearch?.(
          query,
          { k: 3, fetchK: 4 },
          undefined,
        );
        assert.equal(documents?.length, 3);
        assert.equal(documents[0]?.pageContent, texts[0]);
        assert.equal(new Set(contentsOf(documents)).size, 3);
      },
    },
    {
      id: "LVS-27",
      text: "maxMarginalRelevanceSearch seeks relevance with lambda 1 and variety with lambda 0",
      unless: withoutVariety,
      check: async (store, target) => {
        await addTexts(store, target);
        const search = async (lambda: number) => {
          const options = { k: 2, fetchK: 4, lambda };
          return contentsOf(
            (await store.maxMarginalRelevanceSearch?.(query, options, undefined)) ?? [],
          );
        };
        assert.deepEqual(await search(1), [texts[0], texts[1]]);
        assert.equal((await search(0)).includes(texts[1]), false);
      },
    },
    {
      id: "LVS-28",
      text: "a retriever of the store finds what the store finds",
      check: async (store, target) => {
        await addTexts(store, target);
        const documents = await store.asRetriever(3).invoke(query);
        assert.deepEqual(contentsOf(documents), await found(store, query, 3));
      },
    },
  ],
};
