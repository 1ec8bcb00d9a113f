import assert from "node:assert/strict";
import { hostileNames } from "../hostile-text.js";
import type { Chapter } from "../suite.js";
import { contentsOf, documents, query } from "./fixtures.js";
import type { LangChainRetrieverLike } from "./retriever-like.js";
import { withoutRanking, type LoadedRetrieverTarget } from "./target.js";

export const retrieving: Chapter<LangChainRetrieverLike, LoadedRetrieverTarget> = {
  title: "retrieving",
  statements: [
    {
      id: "LR-1",
      text: "invoke finds documents, with text and metadata as they were stored",
      check: async (retriever) => {
        const found = await retriever.invoke(query);
        assert.ok(found.length > 0, "the query is the text of a document");
        const document = found.find(({ pageContent }) => pageContent === query);
        assert.ok(document, "the document whose text is the query must be found");
        assert.equal(document.metadata["source"], documents[0]?.metadata["source"]);
        for (const { pageContent, metadata } of found) {
          assert.ok(contentsOf(documents).includes(pageContent), `${pageContent} is not known`);
          assert.equal(typeof metadata, "object");
        }
      },
    },
    {
      id: "LR-2",
      text: "the most similar document comes first",
      unless: withoutRanking,
      check: async (retriever) => {
        for (const { pageContent } of documents) {
          const [first] = await retriever.invoke(pageContent);
          assert.equal(first?.pageContent, pageContent);
        }
      },
    },
    {
      id: "LR-3",
      text: "documents have the id that they were stored with",
      unless: ({ showsIds }) => showsIds === false && "showsIds is false",
      check: async (retriever) => {
        const found = await retriever.invoke(query);
        for (const { pageContent, id } of found) {
          const stored = documents.find((document) => document.pageContent === pageContent);
          assert.equal(id, stored?.id);
        }
      },
    },
    {
      id: "LR-4",
      text: "no document is found twice",
      check: async (retriever) => {
        const found = contentsOf(await retriever.invoke(query));
        assert.deepEqual(found, [...new Set(found)]);
      },
    },
    {
      id: "LR-5",
      text: "the same query finds the same again",
      check: async (retriever) => {
        const first = contentsOf(await retriever.invoke(query));
        assert.deepEqual(contentsOf(await retriever.invoke(query)), first);
      },
    },
    {
      id: "LR-6",
      text: "a change to what was found does not reach the next answer",
      check: async (retriever) => {
        const found = await retriever.invoke(query);
        const before = contentsOf(found);
        for (const document of found) {
          document.pageContent = "changed";
          document.metadata["source"] = "changed";
        }
        found.splice(0, found.length);
        const again = await retriever.invoke(query);
        assert.deepEqual(contentsOf(again), before);
        assert.ok(again.every(({ metadata }) => metadata["source"] !== "changed"));
      },
    },
    {
      id: "LR-7",
      text: "queries of any characters are answered",
      check: async (retriever) => {
        for (const name of [...hostileNames, "word ".repeat(2000)]) {
          const found = await retriever.invoke(name);
          assert.ok(Array.isArray(found), JSON.stringify(name.slice(0, 40)));
        }
      },
    },
    {
      id: "LR-8",
      text: "concurrent calls each get their own answer",
      check: async (retriever) => {
        const queries = contentsOf([...documents, ...documents]);
        const alone: string[][] = [];
        for (const text of queries) alone.push(contentsOf(await retriever.invoke(text)));
        const together = await Promise.all(queries.map((text) => retriever.invoke(text)));
        assert.deepEqual(together.map(contentsOf), alone);
      },
    },
  ],
};
