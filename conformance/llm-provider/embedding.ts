import assert from "node:assert/strict";
import type { LLMProvider } from "astrocyte";
import { unicodeTexts } from "../hostile-text.js";
import { rejectsWithCode, rejectsWithReason } from "../rejections.js";
import type { Chapter } from "../suite.js";
import { withoutEmbeddings, type LLMProviderTarget } from "./target.js";

const texts = ["Alice likes tea", "Bob plays chess on Sundays", "Alice likes tea"];

/** The largest difference of a component. */
function distance(a: readonly number[] = [], b: readonly number[] = []): number {
  return Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? 9))));
}

export const embedding: Chapter<LLMProvider, LLMProviderTarget> = {
  title: "embedding",
  statements: [
    {
      id: "LLM-1",
      text: "embed gives one finite vector a text, in order and of one dimension; none for none",
      unless: withoutEmbeddings,
      check: async (provider) => {
        assert.deepEqual(await provider.embed([]), []);
        const vectors = await provider.embed([...texts, ...unicodeTexts]);
        assert.equal(vectors.length, texts.length + unicodeTexts.length);
        const dimension = vectors[0]?.length ?? 0;
        assert.ok(dimension > 0, "a vector must have components");
        for (const vector of vectors) {
          assert.equal(vector.length, dimension, "all vectors must have one dimension");
          assert.ok(vector.every(Number.isFinite), "components must be finite");
        }
        const [alone] = await provider.embed(["Bob plays chess on Sundays"]);
        assert.equal(alone?.length, dimension, "the dimension must not depend on the batch");
        const others = vectors.filter((_, at) => at !== 1);
        assert.ok(
          others.every((other) => distance(alone, vectors[1]) < distance(alone, other)),
          "vectors must stand in the order of their texts",
        );
      },
    },
    {
      id: "LLM-2",
      text: "equal texts get equal vectors",
      unless: (target) =>
        withoutEmbeddings(target) ||
        (target.deterministic === false && "the provider is not deterministic"),
      check: async (provider) => {
        const [first, , again] = await provider.embed(texts);
        const [later] = await provider.embed([texts[0] ?? ""]);
        // Models compute in batches, so equal texts may differ in the last digits.
        for (const other of [again, later]) assert.ok(distance(first, other) <= 1e-6);
      },
    },
    {
      id: "LLM-3",
      text: "a provider without embeddings throws the marker error from embed",
      unless: ({ embeds = true }) => embeds && "the provider has embeddings",
      check: (provider) =>
        rejectsWithCode(() => provider.embed(["a"]), "ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED"),
    },
    {
      id: "LLM-embed-abort",
      text: "an aborted signal rejects embed with its reason",
      unless: withoutEmbeddings,
      check: (provider) =>
        rejectsWithReason("embed", (signal) => provider.embed(["a"], { signal })),
    },
  ],
};
