import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { ChatOpenAI } from "@langchain/openai";

/** The memory that stands first before the model; undefined when there is none. */
function firstMemory(text: string): string | undefined {
  return /\[Memory 1\][^:]*(?::\d\d)*[^\n]*?\}: ([^\n]*)/.exec(text)?.[1];
}

/** Quotes the best memory it is shown: enough to see memory work without a model. */
class QuotingModel extends BaseChatModel {
  _llmType(): string {
    return "quoting";
  }

  /** It uses none, so that an agent with tools runs too. */
  override bindTools(): this {
    return this;
  }

  #answer(messages: readonly BaseMessage[]): string {
    const memory = firstMemory(messages.map(({ text }) => text).join("\n"));
    return memory === undefined ? "I will remember that." : `As you told me: ${memory}`;
  }

  override _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const text = this.#answer(messages);
    return Promise.resolve({ generations: [{ text, message: new AIMessage(text) }] });
  }

  override async *_streamResponseChunks(messages: BaseMessage[]) {
    for (const text of this.#answer(messages).match(/\S+\s*/g) ?? []) {
      yield new ChatGenerationChunk({ text, message: new AIMessageChunk(text) });
    }
  }
}

/** `ChatOpenAI` when there is a key, at `OPENAI_BASE_URL` where that is set; else a model that quotes memories. */
export function createModel({
  OPENAI_API_KEY: apiKey,
  OPENAI_BASE_URL: baseURL,
  OPENAI_MODEL: model = "gpt-4.1-mini",
}: NodeJS.ProcessEnv): BaseChatModel {
  if (!apiKey) return new QuotingModel({});
  return new ChatOpenAI({ apiKey, model, maxRetries: 1, configuration: { baseURL } });
}
