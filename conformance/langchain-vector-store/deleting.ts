import assert from "node:assert/strict";
import type { Chapter } from "../suite.js";
import { add, addTexts, assertSame, documentOf, found, query, texts } from "./fixtures.js";
import {
  capabilitiesOf,
  withoutDelete,
  withoutDeleteByFilter,
  type LangChainVectorStoreTarget,
} from "./target.js";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";

export const deleting: Chapter<LangChainVectorStoreLike, LangChainVectorStoreTarget> = {
  title: "deleting",
  statements: [
    {
      id: "LVS-29",
      text: "delete by ids removes these documents and no others",
      unless: withoutDelete,
      check: async (store, target) => {
        const ids = await addTexts(store, target);
        await store.delete({ ids: [ids[0], ids[2]] });
        assertSame(await found(store), [texts[1], texts[3]]);
        assert.deepEqual(await found(store, query, 1), [texts[1]]);
      },
    },
    {
      id: "LVS-30",
      text: "deleting ids that are not there does nothing",
      unless: withoutDelete,
      check: async (store, target) => {
        const [first] = await addTexts(store, target);
        await store.delete({ ids: [first] });
        await store.delete({ ids: [first] });
        assertSame(await found(store), texts.slice(1));
      },
    },
    {
      id: "LVS-31",
      text: "an id that was deleted can be added again",
      unless: (target) =>
        withoutDelete(target) ||
        (capabilitiesOf(target).takesIdsFrom.length === 0 && "takesIdsFrom is empty"),
      check: async (store, target) => {
        const ids = await addTexts(store, target, [texts[0], texts[2]]);
        await store.delete({ ids: [ids[0]] });
        await add(store, target, [documentOf(texts[3])]);
        assert.deepEqual(await found(store, texts[0]), [texts[2], texts[3]]);
      },
    },
    {
      id: "LVS-32",
      text: "delete without saying what removes nothing, whether it is refused or not",
      check: async (store, target) => {
        await addTexts(store, target);
        for (const parameters of [undefined, {}, { ids: [] }]) {
          await store.delete(parameters).catch(() => {});
          assertSame(await found(store), texts);
        }
      },
    },
    {
      id: "LVS-33",
      text: "delete by filter removes what matches and nothing else",
      unless: withoutDeleteByFilter,
      check: async (store, target) => {
        await add(store, target, [
          documentOf(texts[0], { kind: "a" }),
          documentOf(texts[1], { kind: "b" }),
          documentOf(texts[2], { kind: "a" }),
        ]);
        await store.delete({ filter: target.filterBy?.("kind", "a") });
        assert.deepEqual(await found(store), [texts[1]]);
        await store.delete({ filter: target.filterBy?.("kind", "unknown") });
        assert.deepEqual(await found(store), [texts[1]]);
      },
    },
    {
      id: "LVS-34",
      text: "what is deleted is not found by its own vector",
      unless: withoutDelete,
      check: async (store, target) => {
        const ids = await addTexts(store, target);
        await store.delete({ ids: [ids[0]] });
        const vector = await store.embeddings.embedQuery(texts[0]);
        const hits = await store.similaritySearchVectorWithScore(vector, 100);
        assert.ok(hits.every(([{ pageContent }]) => pageContent !== texts[0]));
        assert.equal(hits.length, 3);
      },
    },
  ],
};
