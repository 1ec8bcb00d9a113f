import { FakeEmbeddings } from "@langchain/core/utils/testing";
import {
  langChainEmbeddingsConformance,
  type LangChainEmbeddingsLike,
} from "astrocyte/conformance";
import { HashedEmbeddings } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "../failed-ids.js";

langChainEmbeddingsConformance(
  { name: "hashed", create: () => new HashedEmbeddings() },
  { describe, it },
);

type Change = (embeddings: LangChainEmbeddingsLike) => Partial<LangChainEmbeddingsLike>;

function broken(change: Change): () => LangChainEmbeddingsLike {
  return () => {
    const hashed: LangChainEmbeddingsLike = new HashedEmbeddings();
    const whole = {
      embedDocuments: hashed.embedDocuments.bind(hashed),
      embedQuery: hashed.embedQuery.bind(hashed),
    };
    return { ...whole, ...change(whole) };
  };
}

/** Gives another vector than it should, for queries and documents alike. */
function embedding(change: (vector: number[], text: string) => number[]) {
  return broken((whole) => ({
    embedQuery: async (text) => change(await whole.embedQuery(text), text),
    embedDocuments: async (texts) =>
      (await whole.embedDocuments(texts)).map((vector, at) => change(vector, texts[at] ?? "")),
  }));
}

function remembering(): LangChainEmbeddingsLike {
  const hashed = new HashedEmbeddings();
  const known = new Map<string, number[]>();
  const embedQuery = async (text: string) => {
    const vector = known.get(text) ?? (await hashed.embedQuery(text));
    known.set(text, vector);
    return vector;
  };
  return {
    embedQuery,
    embedDocuments: async (texts) => {
      const vectors: number[][] = [];
      for (const text of texts) vectors.push(await embedQuery(text));
      return vectors;
    },
  };
}

let calls = 0;

const subjects: readonly [string, string[], () => LangChainEmbeddingsLike][] = [
  [
    "gives nothing for a query",
    ["LE-1", "LE-4", "LE-6", "LE-7"],
    broken(() => ({ embedQuery: async () => [] })),
  ],
  [
    "reverses documents",
    ["LE-2", "LE-5", "LE-7", "LE-8"],
    broken((whole) => ({
      embedDocuments: async (texts) => (await whole.embedDocuments(texts)).toReversed(),
    })),
  ],
  [
    "gives every text the same vector",
    ["LE-2", "LE-7"],
    embedding((vector) => vector.map(() => 0.1)),
  ],
  [
    "embeds nothing as something",
    ["LE-3"],
    broken((whole) => ({
      embedDocuments: (texts) => whole.embedDocuments(texts.length === 0 ? [""] : texts),
    })),
  ],
  [
    "gives the empty text an empty vector",
    ["LE-4"],
    embedding((vector, text) => (text === "" ? [] : vector)),
  ],
  [
    "gives a text another vector each time",
    ["LE-2", "LE-5", "LE-6", "LE-8", "LE-11", "LE-12"],
    embedding((vector) => {
      calls += 1;
      return vector.map((value) => value + calls);
    }),
  ],
  [
    "scales by the batch",
    ["LE-2", "LE-5", "LE-8"],
    broken((whole) => ({
      embedDocuments: async (texts) =>
        (await whole.embedDocuments(texts)).map((vector, at) =>
          vector.map((value) => value * (texts.length > 1 ? 2 + at : 1)),
        ),
    })),
  ],
  [
    "marks queries",
    ["LE-6"],
    broken((whole) => ({ embedQuery: (text) => whole.embedQuery(`query: ${text}`) })),
  ],
  [
    "looks at the length of a text only",
    ["LE-7"],
    embedding((vector, text) => vector.map((_, at) => (at === text.length ? 1 : 0))),
  ],
  [
    "embeds 100 documents at most",
    ["LE-8"],
    broken((whole) => ({ embedDocuments: (texts) => whole.embedDocuments(texts.slice(0, 100)) })),
  ],
  [
    "gives long texts no numbers",
    ["LE-9"],
    embedding((vector, text) => (text.length > 10_000 ? vector.map(() => Number.NaN) : vector)),
  ],
  [
    "trims the caller's texts",
    ["LE-10"],
    broken((whole) => ({
      embedDocuments: (texts) => {
        for (const [at, text] of texts.entries()) texts[at] = text.trim();
        return whole.embedDocuments(texts);
      },
    })),
  ],
  ["gives out the vectors that it remembers", ["LE-11"], remembering],
  [
    "mixes up concurrent calls",
    ["LE-12"],
    () => {
      const hashed = new HashedEmbeddings();
      let current = "";
      return {
        embedDocuments: (texts) => hashed.embedDocuments(texts),
        embedQuery: async (text) => {
          current = text;
          await new Promise(setImmediate);
          return hashed.embedQuery(current);
        },
      };
    },
  ],
];

function failuresOf(create: () => LangChainEmbeddingsLike, isSymmetric = true): Promise<string[]> {
  return failedIds((runner) =>
    langChainEmbeddingsConformance({ name: "broken", create, isSymmetric }, runner),
  );
}

describe("broken embeddings", () => {
  it.each(subjects)("that %s fail %s", async (_what, ids, create) => {
    expect(await failuresOf(create)).toEqual(ids);
  });

  it("pass when queries are marked and they say so", async () => {
    const create = broken((whole) => ({
      embedQuery: (text) => whole.embedQuery(`query: ${text}`),
    }));
    expect(await failuresOf(create, false)).toEqual([]);
  });
});

describe("other embeddings", () => {
  it("of LangChain fit by their shape", async () => {
    expect(await failuresOf(() => new FakeEmbeddings())).toEqual(["LE-2", "LE-7"]);
  });
});
