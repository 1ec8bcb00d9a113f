import {
  EmbeddingsNotSupportedError,
  llmCapabilitiesSchema,
  type CompleteOptions,
  type LLMCapabilities,
  type LLMProvider,
  type ToolDefinition,
} from "astrocyte";
import { isRecord } from "./is-record.js";
import type {
  LangChainCallOptions,
  LangChainChatModelLike,
  LangChainInvokable,
  LangChainModelSettings,
} from "./langchain-like.js";
import { toProviderError } from "./provider-error.js";
import { raceWithSignal } from "../internal/race-with-signal.js";
import { streamAnswer } from "./stream-answer.js";
import { toCompletion } from "./to-completion.js";
import { toLangChainMessages } from "./to-langchain-messages.js";
import { withSettings } from "./with-settings.js";

export interface FromLangChainChatModelOptions {
  /** Of the provider, in traces and errors. @defaultValue `langchain/` and the model's type */
  readonly name?: string | undefined;
  /** Overrides what the model's profile says. */
  readonly capabilities?: Partial<LLMCapabilities> | undefined;
  /**
   * Gives the model for a call that asks for its own `model`, `maxTokens` or `temperature`: LangChain has no common way
   * to pass them. Without it they reach ChatOpenAI and AzureChatOpenAI only; other models keep their own settings.
   *
   * @example `(settings) => new ChatAnthropic({ model: "claude-sonnet-4-5", ...settings })`
   */
  readonly configure?: ((settings: LangChainModelSettings) => LangChainChatModelLike) | undefined;
  /** Ids for tool calls that come without one. @defaultValue random UUIDs */
  readonly createId?: (() => string) | undefined;
}

function toOpenAITool({ name, description, parameters }: ToolDefinition): object {
  return { type: "function", function: { name, description, parameters } };
}

/** The settings a call asks for. Absent ones stay the model's own; the SPI's defaults are not imposed. */
function settingsOf({ model, maxTokens, temperature }: CompleteOptions): LangChainModelSettings {
  return {
    ...(model === undefined ? {} : { model }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function callOptionsOf({ signal, responseFormat }: CompleteOptions): LangChainCallOptions {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(responseFormat === undefined ? {} : { response_format: responseFormat }),
  };
}

function capabilitiesOf(model: object): Partial<LLMCapabilities> {
  const profile: unknown = "profile" in model ? model.profile : undefined;
  if (!isRecord(profile)) return {};
  const modalities = ["text"];
  if (profile["imageInputs"] === true) modalities.push("image");
  if (profile["audioInputs"] === true) modalities.push("audio");
  return modalities.length === 1
    ? {}
    : { supportsMultimodalCompletion: true, modalitiesSupported: modalities };
}

function modelNameOf(model: object): string | undefined {
  if ("model" in model && typeof model.model === "string") return model.model;
  if ("modelName" in model && typeof model.modelName === "string") return model.modelName;
  return undefined;
}

/**
 * A LangChain chat model as an LLM provider. `embed` throws the marker error; join it with an embedding provider by
 * `composeLLMProvider`.
 *
 * - `tools` go through `bindTools`, `toolChoice: "required"` as LangChain's `any`. A model without `bindTools` ignores
 *   them and returns no `toolCalls`.
 * - `responseFormat` is the call option `response_format`, which OpenAI-like models honour and others ignore.
 * - `stream` gives the text as the model's own `stream` does, and in one piece where there is none.
 * - `signal` is passed on; an abort also rejects when the model does not heed it.
 * - Retries are the model's: LangChain's default is 6, which delays an outage's error by a minute and more.
 *
 * @throws `complete`: ProviderUnavailableError for an outage, AuthorizationError for refused credentials,
 *   InvalidArgumentError for a message that cannot be sent; other errors of the model as they are.
 */
export function fromLangChainChatModel(
  model: LangChainChatModelLike,
  {
    name = ["langchain", model["_llmType"]?.()].filter(Boolean).join("/"),
    capabilities,
    configure,
    createId = () => crypto.randomUUID(),
  }: FromLangChainChatModelOptions = {},
): LLMProvider {
  function modelFor(options: CompleteOptions): {
    readonly invokable: LangChainInvokable;
    readonly modelName: string;
    readonly withTools: boolean;
  } {
    const settings = settingsOf(options);
    const configured =
      configure !== undefined && Object.keys(settings).length > 0 ? configure(settings) : undefined;
    const chosen = configured ?? model;
    const tools = options.tools ?? [];
    const bound =
      tools.length === 0
        ? undefined
        : chosen.bindTools?.(
            tools.map(toOpenAITool),
            options.toolChoice === undefined
              ? {}
              : { tool_choice: options.toolChoice === "required" ? "any" : options.toolChoice },
          );
    const invokable =
      configured === undefined ? withSettings(bound ?? chosen, settings) : (bound ?? chosen);
    return {
      invokable,
      modelName: modelNameOf(invokable) ?? modelNameOf(chosen) ?? name,
      withTools: bound !== undefined,
    };
  }

  return {
    spiVersion: 1,
    name,
    capabilities: llmCapabilitiesSchema.parse({ ...capabilitiesOf(model), ...capabilities }),
    async complete(messages, options = {}) {
      const { signal } = options;
      signal?.throwIfAborted();
      const input = toLangChainMessages(messages);
      try {
        const { invokable, modelName, withTools } = modelFor(options);
        const answer = await raceWithSignal(
          invokable.invoke(input, callOptionsOf(options)),
          signal,
        );
        return toCompletion(answer, { model: modelName, withTools, createId });
      } catch (error) {
        // Models wrap aborts in errors of their own.
        signal?.throwIfAborted();
        throw toProviderError(name, error);
      }
    },
    async *stream(messages, options = {}) {
      const { signal } = options;
      signal?.throwIfAborted();
      const input = toLangChainMessages(messages);
      try {
        const { invokable, modelName, withTools } = modelFor(options);
        const config = callOptionsOf(options);
        let answer: unknown;
        for await (const { text, whole } of streamAnswer(invokable, input, config, signal)) {
          answer = whole;
          if (text !== "") yield text;
        }
        return toCompletion(answer, { model: modelName, withTools, createId });
      } catch (error) {
        signal?.throwIfAborted();
        throw toProviderError(name, error);
      }
    },
    embed: async () => {
      throw new EmbeddingsNotSupportedError(name);
    },
  };
}
