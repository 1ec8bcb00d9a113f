export { baseStoreConformance } from "./base-store/base-store-conformance.js";
export type {
  BaseStoreLike,
  StoreItem,
  StoreMatchCondition,
  StoreOperation,
  StoreSearch,
} from "./base-store/store-like.js";
export {
  fullBaseStoreCapabilities,
  type BaseStoreCapabilities,
  type BaseStoreTarget,
} from "./base-store/target.js";
export { createCollector, type Collector, type StatementResult } from "./collector.js";
export { documentStoreConformance } from "./document-store/document-store-conformance.js";
export type { DocumentStoreTarget, OptionalDocumentStoreMethod } from "./document-store/target.js";
export { engineProviderConformance } from "./engine-provider/engine-provider-conformance.js";
export { usualEngineCapabilities, type EngineProviderTarget } from "./engine-provider/target.js";
export { graphStoreConformance } from "./graph-store/graph-store-conformance.js";
export type { GraphStoreTarget, OptionalGraphStoreMethod } from "./graph-store/target.js";
export type { LangChainDocument } from "./langchain-document.js";
export { langChainEmbeddingsConformance } from "./langchain-embeddings/langchain-embeddings-conformance.js";
export type {
  LangChainEmbeddingsLike,
  LangChainEmbeddingsTarget,
} from "./langchain-embeddings/target.js";
export { langChainRetrieverConformance } from "./langchain-retriever/langchain-retriever-conformance.js";
export type {
  LangChainRetrieverLike,
  RetrieverCallbacks,
  RetrieverConfig,
} from "./langchain-retriever/retriever-like.js";
export type { LangChainRetrieverTarget } from "./langchain-retriever/target.js";
export { langChainVectorStoreConformance } from "./langchain-vector-store/langchain-vector-store-conformance.js";
export {
  fullLangChainVectorStoreCapabilities,
  type LangChainVectorStoreCapabilities,
  type LangChainVectorStoreTarget,
} from "./langchain-vector-store/target.js";
export type {
  LangChainVectorStoreLike,
  ScoredDocument,
} from "./langchain-vector-store/vector-store-like.js";
export { llmProviderConformance } from "./llm-provider/llm-provider-conformance.js";
export type { LLMProviderTarget } from "./llm-provider/target.js";
export { mentalModelStoreConformance } from "./mental-model-store/mental-model-store-conformance.js";
export type { MentalModelStoreTarget } from "./mental-model-store/target.js";
export type { TestRunner } from "./runner.js";
export type { ConformanceTarget } from "./target.js";
export {
  fullVectorStoreCapabilities,
  type OptionalVectorStoreMethod,
  type VectorStoreTarget,
} from "./vector-store/target.js";
export { vectorStoreConformance } from "./vector-store/vector-store-conformance.js";
