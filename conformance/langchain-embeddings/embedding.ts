import assert from "node:assert/strict";
import { cosineSimilarity } from "astrocyte";
import { unicodeTexts } from "../hostile-text.js";
import type { Chapter } from "../suite.js";
import {
  whenAsymmetric,
  type LangChainEmbeddingsLike,
  type LangChainEmbeddingsTarget,
} from "./target.js";

const texts = ["purple elephants dance", "the purple elephants dance now", "quarterly tax report"];
const [elephants = "", ...others] = texts;

/** Asserts that vectors are equal up to what batching and rounding change. */
function assertAlike(actual: number[] | undefined, expected: number[] | undefined): void {
  assert.ok(actual && expected);
  assert.equal(actual.length, expected.length);
  for (const [at, value] of actual.entries()) {
    assert.ok(Math.abs(value - (expected[at] ?? Number.NaN)) < 1e-4, `component ${at} differs`);
  }
}

function assertVector(vector: number[] | undefined): asserts vector {
  assert.ok(Array.isArray(vector) && vector.length > 0, "a vector must have components");
  assert.ok(vector.every(Number.isFinite), "all components must be finite numbers");
}

export const embedding: Chapter<LangChainEmbeddingsLike, LangChainEmbeddingsTarget> = {
  title: "embedding",
  statements: [
    {
      id: "LE-1",
      text: "embedQuery gives a list of finite numbers",
      check: async (embeddings) => assertVector(await embeddings.embedQuery(elephants)),
    },
    {
      id: "LE-2",
      text: "embedDocuments gives one vector for each text, in order",
      check: async (embeddings) => {
        const forward = await embeddings.embedDocuments([...texts]);
        assert.equal(forward.length, texts.length);
        for (const vector of forward) assertVector(vector);
        for (const [at, text] of texts.entries()) {
          const [alone] = await embeddings.embedDocuments([text]);
          assertAlike(forward[at], alone);
        }
        const [first, , third] = forward;
        assert.notDeepEqual(first, third, "different texts must have different vectors");
      },
    },
    {
      id: "LE-3",
      text: "embedding no documents gives no vectors",
      check: async (embeddings) => assert.deepEqual(await embeddings.embedDocuments([]), []),
    },
    {
      id: "LE-4",
      text: "all vectors have one length, that of the empty text too",
      check: async (embeddings) => {
        const vectors = await embeddings.embedDocuments([elephants, "", " ", "x".repeat(5000)]);
        const { length } = await embeddings.embedQuery(elephants);
        assert.deepEqual(
          [...vectors, await embeddings.embedQuery("")].map((vector) => vector.length),
          [length, length, length, length, length],
        );
      },
    },
    {
      id: "LE-5",
      text: "a text has the same vector every time, alone and among others",
      check: async (embeddings) => {
        assertAlike(await embeddings.embedQuery(elephants), await embeddings.embedQuery(elephants));
        const [alone] = await embeddings.embedDocuments([elephants]);
        const [among] = await embeddings.embedDocuments([...texts]);
        const [first, second] = await embeddings.embedDocuments([elephants, elephants]);
        for (const vector of [among, first, second]) assertAlike(vector, alone);
      },
    },
    {
      id: "LE-6",
      text: "a text has the same vector as a query and as a document",
      unless: whenAsymmetric,
      check: async (embeddings) => {
        const [document] = await embeddings.embedDocuments([elephants]);
        assertAlike(await embeddings.embedQuery(elephants), document);
      },
    },
    {
      id: "LE-7",
      text: "a text is more like one that shares its words than like one that does not",
      check: async (embeddings) => {
        const vector = await embeddings.embedQuery(elephants);
        const [near = [], far = []] = await embeddings.embedDocuments([...others]);
        assert.ok(cosineSimilarity(vector, near) > cosineSimilarity(vector, far));
      },
    },
    {
      id: "LE-8",
      text: "300 documents in one call get their vectors in order",
      check: async (embeddings) => {
        const many = Array.from({ length: 300 }, (_, at) => `note number ${at}`);
        const vectors = await embeddings.embedDocuments([...many]);
        assert.equal(vectors.length, many.length);
        const [last] = await embeddings.embedDocuments([many[299] ?? ""]);
        assertAlike(vectors[299], last);
        const [middle] = await embeddings.embedDocuments([many[150] ?? ""]);
        assertAlike(vectors[150], middle);
      },
    },
    {
      id: "LE-9",
      text: "texts of any script, and long ones, have vectors of finite numbers",
      check: async (embeddings) => {
        const hostile = [
          ...unicodeTexts,
          "word ".repeat(4000),
          "\u0000",
          "<|endoftext|>",
          "\ud83d",
        ];
        for (const vector of await embeddings.embedDocuments(hostile)) assertVector(vector);
      },
    },
    {
      id: "LE-10",
      text: "the list of texts is not changed",
      check: async (embeddings) => {
        const given = [...texts, " padded ", "UPPER\n"];
        const before = [...given];
        await embeddings.embedDocuments(given);
        assert.deepEqual(given, before);
      },
    },
    {
      id: "LE-11",
      text: "a change to a vector does not reach the next one",
      check: async (embeddings) => {
        const vector = await embeddings.embedQuery(elephants);
        const before = [...vector];
        vector.fill(0);
        assertAlike(await embeddings.embedQuery(elephants), before);
        const [document = []] = await embeddings.embedDocuments([elephants]);
        const kept = [...document];
        document.fill(0);
        assertAlike((await embeddings.embedDocuments([elephants]))[0], kept);
      },
    },
    {
      id: "LE-12",
      text: "concurrent calls each get their own vectors",
      check: async (embeddings) => {
        const alone: number[][] = [];
        for (const text of texts) alone.push(await embeddings.embedQuery(text));
        const together = await Promise.all(texts.map((text) => embeddings.embedQuery(text)));
        for (const [at, vector] of together.entries()) assertAlike(vector, alone[at]);
      },
    },
  ],
};
