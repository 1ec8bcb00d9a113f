import assert from "node:assert/strict";
import { unicodeTexts } from "../hostile-text.js";
import type { Chapter } from "../suite.js";
import {
  add,
  addTexts,
  assertSame,
  contentsOf,
  documentOf,
  found,
  idOf,
  query,
  texts,
} from "./fixtures.js";
import { capabilitiesOf, withoutIdsFrom, type LangChainVectorStoreTarget } from "./target.js";
import type { LangChainVectorStoreLike } from "./vector-store-like.js";

export const storing: Chapter<LangChainVectorStoreLike, LangChainVectorStoreTarget> = {
  title: "storing",
  statements: [
    {
      id: "LVS-1",
      text: "a document comes back with its text and flat metadata",
      check: async (store, target) => {
        const metadata = { source: "notes.md", page: 3, ratio: -0.5, final: true, draft: false };
        await add(store, target, [documentOf(query, metadata)]);
        const [document] = await store.similaritySearch(query, 1);
        assert.equal(document?.pageContent, query);
        assert.deepEqual({ ...document.metadata }, { kind: "usual", ...metadata });
      },
    },
    {
      id: "LVS-2",
      text: "nested metadata, lists and null come back",
      check: async (store, target) => {
        const metadata = { loc: { lines: { from: 1, to: 5 } }, tags: ["a", "b"], none: null };
        await add(store, target, [documentOf(query, metadata)]);
        const [document] = await store.similaritySearch(query, 1);
        assert.deepEqual({ ...document?.metadata }, { kind: "usual", ...metadata });
      },
    },
    {
      id: "LVS-3",
      text: "texts of any script come back unchanged",
      check: async (store, target) => {
        await addTexts(store, target, unicodeTexts);
        assertSame(await found(store), unicodeTexts);
      },
    },
    {
      id: "LVS-4",
      text: "adding no documents adds nothing",
      check: async (store, target) => {
        await addTexts(store, target, [texts[0]]);
        await store.addDocuments([]);
        assert.deepEqual(await found(store), [texts[0]]);
      },
    },
    {
      id: "LVS-5",
      text: "addVectors stores the vectors that it is given, not those of the texts",
      check: async (store) => {
        const vectors = await store.embeddings.embedDocuments([texts[3], texts[0]]);
        await store.addVectors(vectors, [documentOf(texts[0]), documentOf(texts[3])]);
        assert.deepEqual(await found(store, texts[3], 1), [texts[0]]);
        assert.deepEqual(await found(store, texts[0], 1), [texts[3]]);
      },
    },
    {
      id: "LVS-6",
      text: "documents that are added later do not displace those before",
      check: async (store, target) => {
        await add(store, target, [documentOf(texts[0])], 1);
        await add(store, target, [documentOf(texts[1]), documentOf(texts[2])], 2);
        assertSame(await found(store), texts.slice(0, 3));
      },
    },
    {
      id: "LVS-7",
      text: "concurrent additions lose none",
      check: async (store, target) => {
        const contents = Array.from({ length: 20 }, (_, at) => `${query} number${at}`);
        await Promise.all(
          contents.map((text, at) => add(store, target, [documentOf(text)], at + 1)),
        );
        assertSame(await found(store), contents);
      },
    },
    {
      id: "LVS-8",
      text: "a change to a document after it was added does not reach the store",
      check: async (store, target) => {
        const document = documentOf(query, { nested: { list: [1] } });
        await add(store, target, [document]);
        document.metadata["kind"] = "changed";
        const { nested } = document.metadata;
        if (typeof nested === "object" && nested !== null) Reflect.set(nested, "list", [2]);
        const [kept] = await store.similaritySearch(query, 1);
        assert.deepEqual({ ...kept?.metadata }, { kind: "usual", nested: { list: [1] } });
      },
    },
    {
      id: "LVS-9",
      text: "a change to a document that was found does not reach the store",
      check: async (store, target) => {
        await add(store, target, [documentOf(query, { nested: { list: [1] } })]);
        const [document] = await store.similaritySearch(query, 1);
        assert.ok(document);
        const { nested } = document.metadata;
        if (typeof nested === "object" && nested !== null) Reflect.set(nested, "list", [2]);
        document.metadata["kind"] = "changed";
        document.pageContent = "changed";
        const [kept] = await store.similaritySearch(query, 1);
        assert.equal(kept?.pageContent, query);
        assert.deepEqual({ ...kept.metadata }, { kind: "usual", nested: { list: [1] } });
      },
    },
    {
      id: "LVS-10",
      text: "the ids in options.ids are those of the documents",
      unless: (target) => withoutIdsFrom("options")(target) || withoutShownIds(target),
      check: async (store, target) => {
        const ids = [idOf(target, 1), idOf(target, 2)];
        await store.addDocuments([documentOf(texts[0]), documentOf(texts[3])], { ids });
        assert.deepEqual(await idsOf(store, [texts[0], texts[3]]), ids);
      },
    },
    {
      id: "LVS-11",
      text: "Document.id is the id of the document",
      unless: (target) => withoutIdsFrom("document")(target) || withoutShownIds(target),
      check: async (store, target) => {
        const ids = [idOf(target, 1), idOf(target, 2)];
        await store.addDocuments([
          { ...documentOf(texts[0]), id: ids[0] ?? "" },
          { ...documentOf(texts[3]), id: ids[1] ?? "" },
        ]);
        assert.deepEqual(await idsOf(store, [texts[0], texts[3]]), ids);
      },
    },
    {
      id: "LVS-12",
      text: "documents without an id get one each",
      unless: withoutShownIds,
      check: async (store) => {
        await store.addDocuments(texts.map((text) => documentOf(text)));
        const ids = await idsOf(store, texts);
        assert.ok(ids.every((id) => typeof id === "string" && id !== ""));
        assert.equal(new Set(ids).size, texts.length);
      },
    },
    {
      id: "LVS-13",
      text: "adding returns the ids, in the order of the documents",
      unless: (target) => !capabilitiesOf(target).returnsIds && "returnsIds is false",
      check: async (store, target) => {
        const ids = await addTexts(store, target, [texts[3], texts[0], texts[2]]);
        assert.ok(ids.every((id) => typeof id === "string" && id !== ""));
        assert.equal(new Set(ids).size, 3);
        if (capabilitiesOf(target).takesIdsFrom.length > 0) {
          assert.deepEqual(
            ids,
            ids.map((_, at) => idOf(target, at + 1)),
          );
        }
        const none = await store.addDocuments([]);
        assert.deepEqual(none ?? [], []);
      },
    },
    {
      id: "LVS-14",
      text: "an id that is added again replaces its document and its vector",
      unless: (target) =>
        (capabilitiesOf(target).takesIdsFrom.length === 0 && "takesIdsFrom is empty") ||
        (!capabilitiesOf(target).replacesById && "replacesById is false"),
      check: async (store, target) => {
        await add(store, target, [documentOf(texts[0]), documentOf(texts[2])]);
        await add(store, target, [documentOf(texts[3], { kind: "second" })]);
        assert.deepEqual(await found(store, texts[0]), [texts[2], texts[3]]);
        const [document] = await store.similaritySearch(texts[3], 1);
        assert.equal(document?.pageContent, texts[3]);
        assert.equal(document.metadata["kind"], "second");
      },
    },
  ],
};

function withoutShownIds(target: LangChainVectorStoreTarget): string | false {
  return !capabilitiesOf(target).showsIds && "showsIds is false";
}

/** The ids of the documents that have these texts. */
async function idsOf(
  store: LangChainVectorStoreLike,
  contents: readonly string[],
): Promise<(string | undefined)[]> {
  const documents = await store.similaritySearch(query, 100);
  assertSame(contentsOf(documents), contents);
  return contents.map((text) => documents.find(({ pageContent }) => pageContent === text)?.id);
}
