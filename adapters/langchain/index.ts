export { createOpenAIProvider, type OpenAIProviderConfig } from "./create-openai-provider.js";
export {
  fromLangChainChatModel,
  type FromLangChainChatModelOptions,
} from "./from-langchain-chat-model.js";
export {
  fromLangChainEmbeddings,
  type FromLangChainEmbeddingsOptions,
} from "./from-langchain-embeddings.js";
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
