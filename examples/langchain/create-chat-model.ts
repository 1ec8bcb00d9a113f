import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ChatOpenAI } from "@langchain/openai";
import { EmbeddingsNotSupportedError, type LLMProvider, type Message } from "astrocyte";
import { AstrocyteChatModel } from "astrocyte/adapters/langchain";
import { offlineAnswer } from "./offline-answer.js";

function textOf({ content }: Message): string {
  return typeof content === "string" ? content : content.map(({ text = "" }) => text).join("");
}

/** Any class or object with these few members is a model for `AstrocyteChatModel`. */
const offlineProvider: LLMProvider = {
  spiVersion: 1,
  name: "offline",
  capabilities: {
    supportsMultimodalCompletion: false,
    supportsMultimodalEmbedding: false,
    supportsBatchEmbed: false,
  },
  async complete(messages, { tools = [] } = {}) {
    const plain = messages.map((message) => ({ role: message.role, content: textOf(message) }));
    const { text, toolCall } = offlineAnswer(
      plain,
      tools.map(({ name }) => name),
    );
    const toolCalls =
      toolCall === undefined ? [] : [{ id: `call_${messages.length}`, ...toolCall }];
    return { text, model: "offline", toolCalls };
  },
  embed: () => Promise.reject(new EmbeddingsNotSupportedError("offline")),
};

/** `ChatOpenAI` when there is a key, else a model that quotes memories. */
export function createChatModel(environment: NodeJS.ProcessEnv): BaseChatModel {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL } = environment;
  if (!OPENAI_API_KEY) return new AstrocyteChatModel({ provider: offlineProvider });
  return new ChatOpenAI({
    apiKey: OPENAI_API_KEY,
    model: OPENAI_MODEL ?? "gpt-4.1-mini",
    // LangChain's own six retries would keep you waiting for more than a minute.
    maxRetries: 1,
    timeout: 60_000,
    configuration: { baseURL: OPENAI_BASE_URL },
  });
}
