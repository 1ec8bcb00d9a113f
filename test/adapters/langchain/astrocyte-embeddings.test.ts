import type { EmbeddingProvider } from "astrocyte";
import {
  AstrocyteEmbeddings,
  AstrocyteVectorStore,
  fromLangChainEmbeddings,
} from "astrocyte/adapters/langchain";
import {
  createInMemoryVectorStore,
  createMockLLM,
  hashedEmbedding,
  HashedEmbeddings,
} from "astrocyte/testing";
import { expect, it } from "vitest";

it("embeds documents and questions as the provider does", async () => {
  const asked: unknown[] = [];
  const provider: EmbeddingProvider = {
    spiVersion: 1,
    name: "p",
    embed: async (texts, options) => {
      asked.push([texts, options]);
      return texts.map((text) => [text.length]);
    },
  };
  const embeddings = new AstrocyteEmbeddings({ provider, model: "m" });
  expect(await embeddings.embedDocuments(["a", "bb"])).toEqual([[1], [2]]);
  expect(await embeddings.embedQuery("ccc")).toEqual([3]);
  expect(await embeddings.embedDocuments([])).toEqual([]);
  expect(asked).toEqual([
    [["a", "bb"], { model: "m", inputType: "document" }],
    [["ccc"], { model: "m", inputType: "query" }],
  ]);
});

it("takes an LLM provider, and survives the way there and back", async () => {
  const embeddings = new AstrocyteEmbeddings({ provider: createMockLLM() });
  expect(await embeddings.embedQuery("tea")).toEqual(hashedEmbedding("tea", 128));
  const again = new AstrocyteEmbeddings({ provider: fromLangChainEmbeddings(embeddings) });
  expect(await again.embedDocuments(["tea"])).toEqual([await embeddings.embedQuery("tea")]);
});

it("serves a vector store", async () => {
  const provider = fromLangChainEmbeddings(new HashedEmbeddings());
  const store = await AstrocyteVectorStore.fromTexts(
    ["tea", "rice"],
    {},
    new AstrocyteEmbeddings({ provider }),
    {
      store: createInMemoryVectorStore(),
      bankId: "b",
    },
  );
  expect(await store.similaritySearch("rice", 1)).toMatchObject([{ pageContent: "rice" }]);
});

it("refuses what is no provider, and too few vectors", async () => {
  expect(() => new AstrocyteEmbeddings({ provider: {} } as never)).toThrow(
    "is not a EmbeddingProvider",
  );
  const provider: EmbeddingProvider = { spiVersion: 1, name: "p", embed: async () => [[1]] };
  await expect(
    new AstrocyteEmbeddings({ provider }).embedDocuments(["a", "b"]),
  ).rejects.toMatchObject({ code: "ASTROCYTE_PROVIDER_UNAVAILABLE" });
});
