import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type {
  BaseLanguageModelInput,
  StructuredOutputMethodOptions,
} from "@langchain/core/language_models/base";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BaseChatModelParams,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage, type MessageContent } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { RunnableLambda, type Runnable } from "@langchain/core/runnables";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { InteropZodType } from "@langchain/core/utils/types";
import {
  assertProvider,
  InvalidArgumentError,
  jsonObjectSchema,
  parseShape,
  type Completion,
  type CompleteOptions,
  type JsonObject,
  type LLMProvider,
  type ToolDefinition,
} from "astrocyte";
import { isRecord } from "./is-record.js";
import { raceWithSignal } from "../internal/race-with-signal.js";
import { structuredParser, structuredRequest, withRaw } from "./structured-output.js";
import { toAstrocyteMessages } from "./to-astrocyte-messages.js";

export interface AstrocyteChatModelFields extends BaseChatModelParams {
  readonly provider: LLMProvider;
  /** @defaultValue the provider's own */
  readonly model?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
}

export interface AstrocyteChatModelCallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[];
  /** The response format as providers of ours take it. */
  response_format?: Record<string, unknown>;
  model?: string;
  maxTokens?: number;
  temperature?: number;
}

function toToolDefinition(tool: BindToolsInput, index: number): ToolDefinition {
  const { function: definition }: { function?: unknown } = convertToOpenAITool(tool);
  const {
    name,
    description = "",
    parameters = { type: "object", properties: {} },
  } = isRecord(definition) ? definition : {};
  if (typeof name !== "string" || typeof description !== "string") {
    throw new InvalidArgumentError(
      `tools[${index}]: expected a LangChain tool, or one in OpenAI's form { type: "function", function }`,
    );
  }
  return {
    name,
    description,
    parameters: parseShape(jsonObjectSchema, plain(parameters), `tools[${index}].parameters`),
  };
}

/** Without the keys that hold nothing, which are no JSON. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function toolChoiceOf(choice: unknown): string | undefined {
  if (choice === "any") return "required";
  if (typeof choice === "string") return choice;
  const named = isRecord(choice) && isRecord(choice["function"]) ? choice["function"] : {};
  return typeof named["name"] === "string" ? named["name"] : undefined;
}

/** The text before the first stop sequence, as if the model had stopped there. */
function beforeStop(text: string, stop: readonly string[] | undefined): string {
  const ends = (stop ?? []).map((end) => (end === "" ? -1 : text.indexOf(end)));
  return text.slice(0, Math.min(text.length, ...ends.filter((end) => end >= 0)));
}

function toMessageChunk(
  { text, model, usage, toolCalls = [] }: Completion,
  stop: readonly string[] | undefined,
): AIMessageChunk {
  const message = new AIMessageChunk({
    content: beforeStop(text, stop),
    tool_call_chunks: toolCalls.map(({ id, name, arguments: args }, index) => ({
      type: "tool_call_chunk",
      id,
      name,
      args: JSON.stringify(args),
      index,
    })),
    response_metadata: { model_name: model },
  });
  if (usage !== undefined) {
    const { inputTokens: input_tokens, outputTokens: output_tokens } = usage;
    const total_tokens = input_tokens + output_tokens;
    // Core's type of the field is undefined for a message of unknown structure.
    Object.assign(message, { usage_metadata: { input_tokens, output_tokens, total_tokens } });
  }
  return message;
}

/**
 * A model of ours as a chat model of LangChain, with tool calls where the provider makes them, structured output that is checked,
 * token counts and aborts.
 *
 * - A stream has the provider's pieces, and one chunk, the whole answer, where it has no `stream` or `stop` is asked for.
 * - `stop` cuts the answer; providers of ours do not stop for it.
 * - An abort rejects at once, also when the provider does not heed it. Retries are the provider's.
 *
 * @throws `invoke`: InvalidArgumentError for a message or a tool that cannot be sent; else what the provider throws.
 */
export class AstrocyteChatModel extends BaseChatModel<AstrocyteChatModelCallOptions> {
  readonly #provider: LLMProvider;
  readonly #settings: Pick<CompleteOptions, "model" | "maxTokens" | "temperature">;

  static override lc_name(): string {
    return "AstrocyteChatModel";
  }

  constructor({ provider, model, maxTokens, temperature, ...params }: AstrocyteChatModelFields) {
    super(params);
    assertProvider(provider, "LLMProvider", "AstrocyteChatModel: provider");
    this.#provider = provider;
    this.#settings = { model, maxTokens, temperature };
  }

  override _llmType(): string {
    return "astrocyte";
  }

  override _identifyingParams(): Record<string, unknown> {
    return { provider: this.#provider.name, ...this.#settings };
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
  ): Promise<ChatResult> {
    const completion = await this.#complete(messages, options);
    const message = toMessageChunk(completion, options.stop);
    return { generations: [{ text: message.text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for await (const message of this.#stream(messages, options)) {
      const chunk = new ChatGenerationChunk({ text: message.text, message });
      yield chunk;
      await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, {
        chunk,
      });
    }
  }

  /** The text in pieces, and behind it what is known at the end only. A stop sequence may lie across pieces, so it wants the whole. */
  async *#stream(
    messages: readonly BaseMessage[],
    options: this["ParsedCallOptions"],
  ): AsyncGenerator<AIMessageChunk> {
    const { signal, stop = [] } = options;
    if (this.#provider.stream === undefined || stop.length > 0) {
      yield toMessageChunk(await this.#complete(messages, options), stop);
      return;
    }
    signal?.throwIfAborted();
    const pieces = this.#provider.stream(toAstrocyteMessages(messages), this.#request(options));
    let isDone = false;
    try {
      for (;;) {
        const next = await raceWithSignal(pieces.next(), signal);
        if (next.done === true) {
          isDone = true;
          yield toMessageChunk({ ...next.value, text: "" }, stop);
          return;
        }
        yield new AIMessageChunk({ content: next.value });
      }
    } finally {
      // Not waited for: a provider that does not heed the abort would hold the caller.
      if (!isDone) pieces.throw(new Error("no longer wanted")).catch(() => undefined);
    }
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs: Partial<AstrocyteChatModelCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, AstrocyteChatModelCallOptions> {
    tools.forEach(toToolDefinition);
    return this.withConfig({ tools, ...kwargs });
  }

  /**
   * Values of a zod schema, a standard schema or a JSON Schema, always checked against it. With `method: "functionCalling"`, the
   * default, the model must call a tool of that shape; an answer in JSON is taken too, for models that make no calls.
   *
   * @throws `invoke`: OutputParserException when the answer does not fit; with `includeRaw`, `parsed` is null then.
   */
  override withStructuredOutput<Output extends object = Record<string, unknown>>(
    schema: InteropZodType<Output> | object,
    config?: StructuredOutputMethodOptions,
  ): Runnable<BaseLanguageModelInput, Output>;
  override withStructuredOutput<Output extends object = Record<string, unknown>>(
    schema: InteropZodType<Output> | object,
    config?: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Output }>;
  override withStructuredOutput<Output extends object>(
    schema: InteropZodType<Output> | object,
    {
      name,
      method = "functionCalling",
      includeRaw = false,
    }: StructuredOutputMethodOptions<boolean> = {},
  ): Runnable<BaseLanguageModelInput, Output | { raw: BaseMessage; parsed: Output | null }> {
    const request = structuredRequest(schema, name);
    const parse = structuredParser<Output>(schema, request.name);
    const model = this.#askingFor(request, method);
    return includeRaw ? withRaw(model, parse) : model.pipe(RunnableLambda.from(parse));
  }

  /** About four characters a token. Core would load the rules of another model's tokenizer over the network. */
  override async getNumTokens(content: MessageContent): Promise<number> {
    const text =
      typeof content === "string"
        ? content
        : content.map((block) => (typeof block["text"] === "string" ? block["text"] : "")).join("");
    return Math.ceil(text.length / 4);
  }

  #askingFor(
    { name, description, jsonSchema }: ReturnType<typeof structuredRequest>,
    method: string,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk> {
    switch (method) {
      case "functionCalling":
        return this.bindTools(
          [{ type: "function", function: { name, description, parameters: jsonSchema } }],
          { tool_choice: name },
        );
      case "jsonSchema":
        return this.withConfig({
          response_format: { type: "json_schema", json_schema: { name, schema: jsonSchema } },
        });
      case "jsonMode":
        return this.withConfig({ response_format: { type: "json_object" } });
      default:
        throw new InvalidArgumentError(
          `withStructuredOutput: method: "${method}" is unknown; known: functionCalling, jsonSchema, jsonMode`,
        );
    }
  }

  async #complete(
    messages: readonly BaseMessage[],
    options: this["ParsedCallOptions"],
  ): Promise<Completion> {
    options.signal?.throwIfAborted();
    const request = this.#request(options);
    const completion = this.#provider.complete(toAstrocyteMessages(messages), request);
    return raceWithSignal(completion, options.signal);
  }

  #request(options: this["ParsedCallOptions"]): CompleteOptions {
    const { signal, tools = [], tool_choice: choice, response_format: format } = options;
    const offered = choice === "none" ? [] : tools.map(toToolDefinition);
    return {
      ...this.#settings,
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
      ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
      ...(format === undefined ? {} : { responseFormat: responseFormatOf(format) }),
      ...(offered.length === 0 ? {} : { tools: offered, toolChoice: toolChoiceOf(choice) }),
      signal,
    };
  }
}

function responseFormatOf(format: unknown): JsonObject {
  return parseShape(jsonObjectSchema, plain(format), "response_format");
}
