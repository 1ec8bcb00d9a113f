import * as z from "zod";
import { llmCapabilitiesSchema, type Message } from "../dto/llm.js";
import { ConfigError } from "../errors.js";
import type { LLMProvider } from "../spi/llm-provider.js";
import { extractiveAnswer } from "./extractive-answer.js";
import { hashedEmbedding } from "./hashed-embeddings.js";
import { Lifetime } from "./lifetime.js";
import { refuseUnknownKeys, type ProviderConfig, type TestingContext } from "./provider-options.js";

const configSchema = z.object({
  default_response: z.string().default("Mock LLM response"),
  embedding_dimensions: z.int().positive().default(128),
});

const entityList = '[{"name": "Test Entity", "entity_type": "OTHER", "aliases": []}]';

function textOf({ content }: Message): string {
  return typeof content === "string" ? content : content.map((part) => part.text ?? "").join(" ");
}

/** An {@link LLMProvider} that remembers how it was called. */
export interface MockLLM extends LLMProvider {
  readonly callCount: number;
  readonly lastUserMessage: string | undefined;
}

/**
 * A model that answers by rule, the same in every run.
 *
 * A prompt that asks to extract named entities gets one fixed entity, one with `<memories>` and `<query>` gets the memories
 * that share most words with the query, any other gets `default_response`. Embeddings are {@link hashedEmbedding}s.
 *
 * @param config - `default_response`, and `embedding_dimensions` (128 by default).
 */
export function createMockLLM(config: ProviderConfig = {}, _context: TestingContext = {}): MockLLM {
  refuseUnknownKeys("mock LLM", config, Object.keys(configSchema.shape));
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    throw new ConfigError(`mock LLM: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  }
  const { default_response: defaultResponse, embedding_dimensions: dimension } = parsed.data;
  const lifetime = new Lifetime("mock LLM");
  let callCount = 0;
  let lastUserMessage: string | undefined;

  function answer(prompt: string): string {
    if (prompt.toLowerCase().includes("extract named entities")) return entityList;
    return prompt.includes("<memories>") && prompt.includes("<query>")
      ? extractiveAnswer(prompt)
      : defaultResponse;
  }

  return {
    spiVersion: 1,
    name: "mock",
    capabilities: llmCapabilitiesSchema.parse({}),

    get callCount() {
      return callCount;
    },
    get lastUserMessage() {
      return lastUserMessage;
    },

    async complete(messages, options) {
      lifetime.enter(options);
      callCount += 1;
      const last = messages.findLast(({ role }) => role === "user");
      lastUserMessage = last === undefined ? undefined : textOf(last);
      return {
        text: answer(messages.map(textOf).join(" ")),
        model: options?.model ?? "mock",
        usage: { inputTokens: 10, outputTokens: 20 },
      };
    },

    async embed(texts, options) {
      lifetime.enter(options);
      return texts.map((text) => hashedEmbedding(text, dimension));
    },

    async close() {
      lifetime.close();
    },
  };
}
