import { llmCapabilitiesSchema, type Completion, type Message } from "../dto/llm.js";
import { EmbeddingsNotSupportedError, InvalidArgumentError } from "../errors.js";
import type { CompleteOptions, LLMProvider } from "../spi/llm-provider.js";
import { Lifetime } from "./lifetime.js";

type Answer = string | Completion;

/** One turn of a script: the text, the whole completion, the error to fail with, or what computes an answer. */
export type ScriptedResponse =
  | Answer
  | Error
  | ((
      messages: readonly Message[],
      options: CompleteOptions | undefined,
    ) => Answer | Promise<Answer>);

export interface ScriptedLLMOptions {
  /** Used one a call, in order. */
  readonly responses: readonly ScriptedResponse[];
  /** Such as {@link HashedEmbeddings}; without it `embed` throws the marker error. */
  readonly embeddings?:
    | { embedDocuments(texts: readonly string[]): Promise<number[][]> }
    | undefined;
  /** @defaultValue "scripted" */
  readonly name?: string | undefined;
}

export interface ScriptedCall {
  readonly messages: readonly Message[];
  readonly options: CompleteOptions | undefined;
}

/** An {@link LLMProvider} that keeps every `complete` call, copied, also those that failed. */
export interface ScriptedLLM extends LLMProvider {
  readonly calls: readonly ScriptedCall[];
  /** Responses not used yet. */
  readonly remaining: number;
}

/**
 * A model that answers what the test wrote down.
 *
 * @throws From `complete`: InvalidArgumentError when the script is exhausted, which means a call that the test did not expect.
 */
export function createScriptedLLM({
  responses,
  embeddings,
  name = "scripted",
}: ScriptedLLMOptions): ScriptedLLM {
  const lifetime = new Lifetime(`LLM "${name}"`);
  const calls: ScriptedCall[] = [];

  async function respond(
    messages: readonly Message[],
    options: CompleteOptions | undefined,
  ): Promise<Answer> {
    const response = responses[calls.length - 1];
    if (response === undefined) {
      throw new InvalidArgumentError(
        `LLM "${name}": the script is exhausted; this is call ${calls.length}, and it has ${responses.length} responses`,
      );
    }
    if (response instanceof Error) throw response;
    return typeof response === "function" ? response(messages, options) : response;
  }

  return {
    spiVersion: 1,
    name,
    capabilities: llmCapabilitiesSchema.parse({}),
    calls,

    get remaining() {
      return Math.max(0, responses.length - calls.length);
    },

    async complete(messages, options) {
      lifetime.enter(options);
      calls.push({ messages: structuredClone(messages), options });
      const answer = await respond(messages, options);
      options?.signal?.throwIfAborted();
      return typeof answer === "string"
        ? { text: answer, model: options?.model ?? name }
        : structuredClone(answer);
    },

    async embed(texts, options) {
      lifetime.enter(options);
      if (embeddings === undefined) throw new EmbeddingsNotSupportedError(name);
      return embeddings.embedDocuments(texts);
    },

    async close() {
      lifetime.close();
    },
  };
}
