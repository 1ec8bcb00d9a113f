import type { Pipeline } from "../pipeline/pipeline.js";
import type { GuardedOperation } from "./provider-guard.js";

/** The pipeline of one operation, with every provider behind its circuit breaker. */
export function guardPipeline(pipeline: Pipeline, operation: GuardedOperation): Pipeline {
  const { vectorStore, documentStore, graphStore, mentalModelStore, llm, embedder } = pipeline;
  return {
    ...pipeline,
    vectorStore: operation.wrap(vectorStore, vectorStore.name),
    documentStore:
      documentStore === undefined ? undefined : operation.wrap(documentStore, documentStore.name),
    graphStore: graphStore === undefined ? undefined : operation.wrap(graphStore, graphStore.name),
    mentalModelStore:
      mentalModelStore === undefined
        ? undefined
        : operation.wrap(mentalModelStore, mentalModelStore.name),
    llm: llm === undefined ? undefined : operation.wrap(llm, llm.name),
    // One object that both chats and embeds has one circuit.
    embedder: operation.wrap(embedder, embedder.name, embedder.provider),
  };
}
