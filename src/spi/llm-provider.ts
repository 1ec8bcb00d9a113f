import type {
  Completion,
  JsonObject,
  LLMCapabilities,
  Message,
  ToolDefinition,
} from "../dto/llm.js";
import type { CallOptions } from "./call-options.js";

export interface CompleteOptions extends CallOptions {
  readonly model?: string | undefined;
  /** @defaultValue 1024 */
  readonly maxTokens?: number | undefined;
  /** @defaultValue 0 */
  readonly temperature?: number | undefined;
  readonly tools?: readonly ToolDefinition[] | undefined;
  /** `auto`, `required`, or a tool's name. */
  readonly toolChoice?: string | undefined;
  /** A JSON-Schema style response format; providers may ignore it. */
  readonly responseFormat?: JsonObject | undefined;
}

export interface EmbedOptions extends CallOptions {
  readonly model?: string | undefined;
  /** Some models embed a question differently from what answers it. @defaultValue "document" */
  readonly inputType?: "document" | "query" | undefined;
}

/** Turns texts into vectors of one constant dimension. */
export interface EmbeddingProvider {
  readonly spiVersion: 1;
  readonly name: string;
  /**
   * One vector a text, in order; `[]` for `[]`.
   *
   * @throws EmbeddingsNotSupportedError when the provider has no embedding model.
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<number[][]>;
  close?(): Promise<void>;
}

/** A chat model. One without embeddings throws the marker error from `embed`; recall then works by keyword. */
export interface LLMProvider extends EmbeddingProvider {
  readonly capabilities: LLMCapabilities;
  /** Providers without tools ignore `tools` and return no `toolCalls`. */
  complete(messages: readonly Message[], options?: CompleteOptions): Promise<Completion>;
  /** The same, with the text in pieces as it comes; returns the whole. Nothing here needs it; hosts that show answers do. */
  stream?(
    messages: readonly Message[],
    options?: CompleteOptions,
  ): AsyncGenerator<string, Completion, void>;
}

/** Joins a chat model and an embedding model of different makers into one provider. */
export function composeLLMProvider(llm: LLMProvider, embeddings: EmbeddingProvider): LLMProvider {
  return {
    spiVersion: 1,
    name: `${llm.name}+${embeddings.name}`,
    capabilities: llm.capabilities,
    complete: (messages, options) => llm.complete(messages, options),
    ...(llm.stream === undefined ? {} : { stream: llm.stream.bind(llm) }),
    embed: (texts, options) => embeddings.embed(texts, options),
    close: async () => {
      try {
        await llm.close?.();
      } finally {
        await embeddings.close?.();
      }
    },
  };
}
