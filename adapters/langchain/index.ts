export { createOpenAIProvider, type OpenAIProviderConfig } from "./create-openai-provider.js";
export {
  fromLangChainChatModel,
  type FromLangChainChatModelOptions,
} from "./from-langchain-chat-model.js";
export {
  fromLangChainEmbeddings,
  type FromLangChainEmbeddingsOptions,
} from "./from-langchain-embeddings.js";
export {
  fromLangChainRetriever,
  type ExternalSource,
  type FromLangChainRetrieverOptions,
} from "./from-langchain-retriever.js";
export {
  fromLangChainReranker,
  type FromLangChainRerankerOptions,
} from "./from-langchain-reranker.js";
export {
  fromLangChainVectorStore,
  type FromLangChainVectorStoreOptions,
  type LangChainMemoryStore,
} from "./from-langchain-vector-store.js";
export {
  probeVectorStore,
  type ProbeResult,
  type ProbeVectorStoreOptions,
} from "./probe-vector-store.js";
export type { LangChainDocumentLike, LangChainVectorStoreLike } from "./vector-store-like.js";
export type { IdPlace, ScoreMeaning, VectorStoreProfile } from "./vector-store-profile.js";
export { vectorStoreProfiles, type KnownVectorStore } from "./vector-store-profiles.js";
export type {
  LangChainCallOptions,
  LangChainChatModelLike,
  LangChainCompressorLike,
  LangChainContentBlock,
  LangChainEmbeddingsLike,
  LangChainInvokable,
  LangChainMessageDict,
  LangChainModelSettings,
  LangChainRetrieverLike,
  LangChainToolCall,
} from "./langchain-like.js";
export {
  AstrocyteChatMessageHistory,
  type AstrocyteChatMessageHistoryFields,
} from "./astrocyte-chat-message-history.js";
export {
  AstrocyteChatModel,
  type AstrocyteChatModelCallOptions,
  type AstrocyteChatModelFields,
} from "./astrocyte-chat-model.js";
export { AstrocyteEmbeddings, type AstrocyteEmbeddingsFields } from "./astrocyte-embeddings.js";
export {
  AstrocyteMemory,
  type AstrocyteMemoryFields,
  type FoundMemory,
  type MemoryThread,
  type SaveContextOptions,
  type SearchMemoryOptions,
} from "./astrocyte-memory.js";
export {
  AstrocyteRetriever,
  type AstrocyteRetrieverCallOptions,
  type AstrocyteRetrieverFields,
  type RetrieverFilters,
} from "./astrocyte-retriever.js";
export {
  AstrocyteVectorStore,
  type AddDocumentsOptions,
  type AstrocyteVectorStoreConfig,
  type DeleteDocumentsOptions,
} from "./astrocyte-vector-store.js";
export { createMemoryTools, type CreateMemoryToolsOptions } from "./create-memory-tools.js";
export type { DocumentFilter } from "./document-filter.js";
export type { MemoryOperation } from "./memory-tool-schemas.js";
export type { RetrieverToolFields } from "./retriever-tool.js";
export { runCaller, type RunBank, type RunScopeConfig } from "./run-scope.js";
export type { MemoryDocumentMetadata } from "./to-langchain-document.js";
export { withLangChainTracing } from "./with-langchain-tracing.js";
