import { Astrocyte, type AstrocyteOptions, type Logger } from "astrocyte";
import {
  createInMemoryDocumentStore,
  createInMemoryGraphStore,
  createInMemoryVectorStore,
  FakeClock,
  hashedEmbedding,
} from "astrocyte/testing";

/** A brain on separate in-memory stores, with what the tests look at. */
export function createBrain(parts: Partial<AstrocyteOptions> = {}) {
  const vectorStore = createInMemoryVectorStore();
  const documentStore = createInMemoryDocumentStore();
  const graphStore = createInMemoryGraphStore();
  const clock = new FakeClock("2026-06-01T00:00:00Z");
  const warnings: string[] = [];
  const logger: Logger = { warn: (event) => void warnings.push(event) };
  const embeddings = {
    spiVersion: 1 as const,
    name: "hashed",
    calls: 0,
    async embed(texts: readonly string[]) {
      this.calls += 1;
      return texts.map((text) => hashedEmbedding(text, 128));
    },
  };
  const stores = { vectorStore, documentStore, graphStore, embeddings, clock, logger };
  return { brain: new Astrocyte({ ...stores, ...parts }), ...stores, warnings };
}
