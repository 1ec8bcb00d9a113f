/* What a configuration loads; it needs no package of LangChain until a model is made. */
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
