import { Astrocyte, type VectorStore } from "astrocyte";
import {
  createInMemoryDocumentStore,
  createInMemoryVectorStore,
  hashedEmbedding,
} from "astrocyte/testing";
import { bench, describe } from "vitest";

const bankId = "bench";
const dimension = 128;
const words =
  "amber basil cedar dune ember frost grove heron iris jade kelp lotus maple north".split(" ");

/** A repeatable sentence of eight words. */
function sentence(seed: number): string {
  return Array.from({ length: 8 }, (_, n) => words[(seed * (n + 3) + n * n) % words.length]).join(
    " ",
  );
}

const embeddings = {
  spiVersion: 1 as const,
  name: "hashed",
  embed: (texts: readonly string[]) =>
    Promise.resolve(texts.map((text) => hashedEmbedding(text, dimension))),
};

async function filledBrain(vectorStore: VectorStore, count: number): Promise<Astrocyte> {
  const brain = new Astrocyte({
    vectorStore,
    documentStore: createInMemoryDocumentStore(),
    embeddings,
  });
  await brain.retainMany(
    Array.from({ length: count }, (_, seed) => ({ content: sentence(seed) })),
    { bankId },
  );
  return brain;
}

for (const count of [1_000, 5_000]) {
  describe(`recall over the store's own search, ${count} memories in memory`, async () => {
    const store = createInMemoryVectorStore();
    const brain = await filledBrain(store, count);
    const query = sentence(7);
    const vector = hashedEmbedding(query, dimension);

    bench("vectorStore.searchSimilar", async () => {
      await store.searchSimilar(vector, { bankId, limit: 50 });
    });
    bench("brain.recall", async () => {
      await brain.recall(query, { bankId });
    });
  });
}
