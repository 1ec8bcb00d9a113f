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
  LangChainContentBlock,
  LangChainEmbeddingsLike,
  LangChainInvokable,
  LangChainMessageDict,
  LangChainModelSettings,
  LangChainToolCall,
} from "./langchain-like.js";
