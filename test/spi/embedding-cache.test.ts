import { isEmbeddingCache } from "astrocyte";
import { expect, it } from "vitest";

const getEmbeddings = (): void => undefined;
const putEmbeddings = (): void => undefined;

it("an embedding cache has both methods", () => {
  expect(isEmbeddingCache({ getEmbeddings, putEmbeddings })).toBe(true);
  expect(isEmbeddingCache({ getEmbeddings })).toBe(false);
  expect(isEmbeddingCache({ getEmbeddings, putEmbeddings: true })).toBe(false);
  for (const value of [null, undefined, "text", []]) expect(isEmbeddingCache(value)).toBe(false);
});
