import { assertProvider } from "astrocyte";
import {
  fromLangChainEmbeddings,
  type LangChainEmbeddingsLike,
} from "astrocyte/adapters/langchain";
import { describe, expect, it, vi } from "vitest";

function embeddingsOf(row: (text: string) => ArrayLike<number>) {
  return {
    embedDocuments: vi.fn<LangChainEmbeddingsLike["embedDocuments"]>(async (texts) =>
      texts.map(row),
    ),
    embedQuery: vi.fn<LangChainEmbeddingsLike["embedQuery"]>(async (text) => row(text)),
  };
}

it("is a provider", () => {
  const provider = fromLangChainEmbeddings(embeddingsOf(() => [1]));
  assertProvider(provider, "EmbeddingProvider", "embeddings");
  expect(provider.name).toBe("langchain");
  expect(
    fromLangChainEmbeddings(
      embeddingsOf(() => [1]),
      { name: "mine" },
    ).name,
  ).toBe("mine");
});

it("sends documents together and queries one by one", async () => {
  const embeddings = embeddingsOf((text) => [text.length, 0]);
  const provider = fromLangChainEmbeddings(embeddings);
  expect(await provider.embed(["a", "bb"])).toEqual([
    [1, 0],
    [2, 0],
  ]);
  expect(await provider.embed(["ccc", "d"], { inputType: "query" })).toEqual([
    [3, 0],
    [1, 0],
  ]);
  expect(embeddings.embedDocuments.mock.calls).toEqual([[["a", "bb"]]]);
  expect(embeddings.embedQuery.mock.calls).toEqual([["ccc"], ["d"]]);
});

it("asks nothing for no text", async () => {
  const embeddings = embeddingsOf(() => [1]);
  const provider = fromLangChainEmbeddings(embeddings);
  expect(await provider.embed([])).toEqual([]);
  expect(await provider.embed([], { inputType: "query" })).toEqual([]);
  expect(embeddings.embedDocuments).not.toHaveBeenCalled();
});

it("turns typed arrays into arrays", async () => {
  const provider = fromLangChainEmbeddings(embeddingsOf(() => Float32Array.of(0.5, 0.25)));
  const [vector] = await provider.embed(["a"]);
  expect(Array.isArray(vector)).toBe(true);
  expect(vector).toEqual([0.5, 0.25]);
});

describe("refuses", () => {
  it.each([
    ["NaN", [1, Number.NaN]],
    ["Infinity", [Number.POSITIVE_INFINITY, 1]],
    ["an empty vector", []],
  ])("%s", async (_, row) => {
    const provider = fromLangChainEmbeddings(
      embeddingsOf(() => row),
      { name: "odd" },
    );
    for (const inputType of ["document", "query"] as const) {
      await expect(provider.embed(["a"], { inputType })).rejects.toMatchObject({
        code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
        provider: "odd",
      });
    }
  });

  it("too few vectors", async () => {
    const provider = fromLangChainEmbeddings({
      embedDocuments: async () => [[1, 2]],
      embedQuery: async () => [1, 2],
    });
    await expect(provider.embed(["a", "b"])).rejects.toMatchObject({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
      message: expect.stringContaining("2 vectors"),
    });
  });

  it("a dimension that changes, in one call or later", async () => {
    const provider = fromLangChainEmbeddings(embeddingsOf((text) => text.split("").map(Number)));
    await expect(provider.embed(["12", "123"])).rejects.toMatchObject({
      code: "ASTROCYTE_DIMENSION_MISMATCH",
      expectedDimension: 2,
      actualDimension: 3,
    });
    await expect(provider.embed(["1234"], { inputType: "query" })).rejects.toMatchObject({
      code: "ASTROCYTE_DIMENSION_MISMATCH",
      expectedDimension: 2,
    });
  });
});

it("rejects an abort at once, though LangChain takes no signal", async () => {
  const provider = fromLangChainEmbeddings({
    embedDocuments: () => new Promise(() => {}),
    embedQuery: () => new Promise(() => {}),
  });
  const controller = new AbortController();
  const vectors = provider.embed(["a"], { signal: controller.signal });
  controller.abort("enough");
  await expect(vectors).rejects.toBe("enough");
});

it("does not call when already aborted", async () => {
  const embeddings = embeddingsOf(() => [1]);
  const provider = fromLangChainEmbeddings(embeddings);
  await expect(provider.embed(["a"], { signal: AbortSignal.abort("no") })).rejects.toBe("no");
  expect(embeddings.embedDocuments).not.toHaveBeenCalled();
});
