import type { Embeddings } from "@langchain/core/embeddings";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { fakeModel } from "@langchain/core/testing";
import type { FakeListChatModel, SyntheticEmbeddings } from "@langchain/core/utils/testing";
import { ChatOpenAI, type AzureChatOpenAI, type OpenAIEmbeddings } from "@langchain/openai";
import type { EmbeddingProvider, LLMProvider, ProviderFactory } from "astrocyte";
import {
  fromLangChainChatModel,
  fromLangChainEmbeddings,
  type LangChainChatModelLike,
  type LangChainEmbeddingsLike,
} from "astrocyte/adapters/langchain";
import { createLocalEmbeddings } from "astrocyte/adapters/local";
import { expectTypeOf, test } from "vitest";

test("LangChain's chat models fit as they are", () => {
  expectTypeOf<BaseChatModel>().toExtend<LangChainChatModelLike>();
  expectTypeOf<ChatOpenAI>().toExtend<LangChainChatModelLike>();
  expectTypeOf<AzureChatOpenAI>().toExtend<LangChainChatModelLike>();
  expectTypeOf<FakeListChatModel>().toExtend<LangChainChatModelLike>();
  expectTypeOf(fakeModel()).toExtend<LangChainChatModelLike>();
  expectTypeOf(fromLangChainChatModel).returns.toEqualTypeOf<LLMProvider>();
  expectTypeOf(fromLangChainChatModel).parameter(1).toExtend<{ configure?: unknown } | undefined>();
  fromLangChainChatModel(new ChatOpenAI(), { configure: (settings) => new ChatOpenAI(settings) });
});

test("so does a model with options bound to it", () => {
  expectTypeOf(new ChatOpenAI().withConfig({ seed: 1 })).toExtend<LangChainChatModelLike>();
  expectTypeOf(fakeModel().bindTools([])).toExtend<LangChainChatModelLike>();
});

test("LangChain's embeddings fit as they are", () => {
  expectTypeOf<Embeddings>().toExtend<LangChainEmbeddingsLike>();
  expectTypeOf<OpenAIEmbeddings>().toExtend<LangChainEmbeddingsLike>();
  expectTypeOf<SyntheticEmbeddings>().toExtend<LangChainEmbeddingsLike>();
  expectTypeOf<Embeddings<Float32Array>>().toExtend<LangChainEmbeddingsLike>();
  expectTypeOf(fromLangChainEmbeddings).returns.toEqualTypeOf<EmbeddingProvider>();
});

test("other things do not fit", () => {
  // @ts-expect-error a retriever's invoke is no chat model's
  fromLangChainChatModel({ run: async () => "text" });
  // @ts-expect-error a chat model embeds nothing
  fromLangChainEmbeddings(new ChatOpenAI());
});

test("the local embeddings' factory suits the registry", () => {
  expectTypeOf(createLocalEmbeddings).toExtend<ProviderFactory>();
});
