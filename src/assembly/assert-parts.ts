import type { AstrocyteOptions } from "../astrocyte-options.js";
import { ConfigError } from "../errors.js";
import { assertProvider } from "../spi/guards.js";

/** Checks every part, whichever of them will be used. */
export function assertParts(options: AstrocyteOptions): void {
  const { vectorStore, documentStore, graphStore, llm, embeddings, engine, reranker } = options;
  if (reranker !== undefined && typeof reranker !== "function") {
    throw new ConfigError("reranker: expected a function (query, texts) => scores");
  }
  if (vectorStore !== undefined) assertProvider(vectorStore, "VectorStore", "vectorStore");
  if (documentStore !== undefined) assertProvider(documentStore, "DocumentStore", "documentStore");
  if (graphStore !== undefined) assertProvider(graphStore, "GraphStore", "graphStore");
  if (llm !== undefined) assertProvider(llm, "LLMProvider", "llm");
  if (embeddings !== undefined) assertProvider(embeddings, "EmbeddingProvider", "embeddings");
  if (engine !== undefined) assertProvider(engine, "EngineProvider", "engine");
  const { legalHoldStore, mentalModelStore } = options;
  if (mentalModelStore !== undefined) {
    assertProvider(mentalModelStore, "MentalModelStore", "mentalModelStore");
  }
  if (legalHoldStore !== undefined) {
    assertProvider(legalHoldStore, "LegalHoldStore", "legalHoldStore");
  }
  if (vectorStore === undefined && (documentStore ?? graphStore) !== undefined) {
    throw new ConfigError("A documentStore or graphStore needs a vectorStore beside it; pass one");
  }
}
