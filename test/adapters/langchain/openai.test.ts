import type { AIMessageChunk } from "@langchain/core/messages";
import {
  ChatOpenAI,
  OpenAIEmbeddings,
  type ChatOpenAIFields,
  type OpenAIEmbeddingsParams,
} from "@langchain/openai";
import { composeLLMProvider, type CompleteOptions, type Message } from "astrocyte";
import {
  AstrocyteChatModel,
  fromLangChainChatModel,
  fromLangChainEmbeddings,
} from "astrocyte/adapters/langchain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOpenAIServer, type OpenAIServer } from "../../support/openai-server.js";

const apiKey = "sk-very-secret";
const hello: Message[] = [{ role: "user", content: "hello" }];
const search = {
  name: "search",
  description: "Searches.",
  parameters: { type: "object", properties: { query: { type: "string" } } },
};

let server: OpenAIServer;
beforeEach(async () => {
  server = await startOpenAIServer();
});
afterEach(() => server.close());

function chatModel(fields: ChatOpenAIFields = {}): ChatOpenAI {
  return new ChatOpenAI({
    model: "gpt-4o-mini",
    apiKey,
    maxRetries: 0,
    configuration: { baseURL: server.baseURL },
    ...fields,
  });
}

function embeddingModel(fields: Partial<OpenAIEmbeddingsParams> = {}): OpenAIEmbeddings {
  return new OpenAIEmbeddings({
    apiKey,
    maxRetries: 0,
    configuration: { baseURL: server.baseURL },
    ...fields,
  });
}

describe("ChatOpenAI", () => {
  it("answers with text, model and usage", async () => {
    server.reply({
      content: "Hi there",
      model: "gpt-4o-mini-2024",
      usage: { input: 9, output: 2 },
    });
    expect(await fromLangChainChatModel(chatModel()).complete(hello)).toEqual({
      text: "Hi there",
      model: "gpt-4o-mini-2024",
      usage: { inputTokens: 9, outputTokens: 2 },
    });
    expect(server.lastBody).toMatchObject({ messages: [{ role: "user", content: "hello" }] });
  });

  it("gives no usage when the server counts nothing", async () => {
    server.reply({ content: "Hi", usage: null });
    expect(await fromLangChainChatModel(chatModel()).complete(hello)).not.toHaveProperty("usage");
  });

  it("is sent the settings of the call, and keeps its own", async () => {
    const model = chatModel({ temperature: 0.7, maxTokens: 99 });
    const provider = fromLangChainChatModel(model);
    await provider.complete(hello, { model: "gpt-4.1", temperature: 0, maxTokens: 5 });
    expect(server.lastBody).toMatchObject({ model: "gpt-4.1", temperature: 0, max_tokens: 5 });
    await provider.complete(hello);
    expect(server.lastBody).toMatchObject({
      model: "gpt-4o-mini",
      temperature: 0.7,
      max_tokens: 99,
    });
    expect(model).toMatchObject({ model: "gpt-4o-mini", temperature: 0.7, maxTokens: 99 });
  });

  it("is sent no defaults that nobody asked for", async () => {
    await fromLangChainChatModel(chatModel()).complete(hello);
    expect(server.lastBody).not.toHaveProperty("temperature");
    expect(server.lastBody).not.toHaveProperty("max_tokens");
  });

  it("is spared a temperature that a reasoning model refuses", async () => {
    const provider = fromLangChainChatModel(chatModel({ model: "gpt-5-mini" }));
    await provider.complete(hello, { temperature: 0, maxTokens: 5 });
    expect(server.lastBody).toMatchObject({ max_completion_tokens: 5 });
    expect(server.lastBody).not.toHaveProperty("temperature");
  });

  it("keeps calls with different settings apart", async () => {
    const provider = fromLangChainChatModel(chatModel());
    await Promise.all(
      [1, 2, 3].map((maxTokens) =>
        provider.complete([{ role: "user", content: `${maxTokens}` }], { maxTokens }),
      ),
    );
    expect(server.requests).toHaveLength(3);
    for (const { body } of server.requests) {
      expect(body["messages"]).toMatchObject([{ content: String(body["max_tokens"]) }]);
    }
  });

  it("is sent the response format", async () => {
    server.reply('{"a":1}', '{"a":1}');
    const provider = fromLangChainChatModel(chatModel());
    const responseFormat = { type: "json_object" };
    expect((await provider.complete(hello, { responseFormat })).text).toBe('{"a":1}');
    expect(server.lastBody).toMatchObject({ response_format: responseFormat });
    const schema = { type: "object", properties: { a: { type: "integer" } } };
    const byShape = { type: "json_schema", json_schema: { name: "shape", schema } };
    expect((await provider.complete(hello, { responseFormat: byShape })).text).toBe('{"a":1}');
    expect(server.lastBody).toMatchObject({ response_format: byShape });
  });

  it.each([
    ["auto", "auto"],
    ["required", "required"],
    ["search", { type: "function", function: { name: "search" } }],
    [undefined, undefined],
  ] as const)("is sent tools, with the choice %s and the settings", async (toolChoice, sent) => {
    server.reply({ toolCalls: [{ name: "search", arguments: '{"query":"x","deep":{"n":1}}' }] });
    const options: CompleteOptions = { tools: [search], toolChoice, maxTokens: 5, temperature: 0 };
    const completion = await fromLangChainChatModel(chatModel()).complete(hello, options);
    expect(completion.toolCalls).toEqual([
      { id: "call_0", name: "search", arguments: { query: "x", deep: { n: 1 } } },
    ]);
    expect(completion.text).toBe("");
    expect(server.lastBody).toMatchObject({
      tools: [{ type: "function", function: search }],
      max_tokens: 5,
      temperature: 0,
    });
    expect(server.lastBody?.["tool_choice"]).toEqual(sent);
  });

  it("leaves out tool calls with broken arguments", async () => {
    server.reply({ content: "oops", toolCalls: [{ name: "search", arguments: "{not json" }] });
    const completion = await fromLangChainChatModel(chatModel()).complete(hello, {
      tools: [search],
    });
    expect(completion).toMatchObject({ text: "oops" });
    expect(completion).not.toHaveProperty("toolCalls");
  });

  it("is sent a whole tool conversation, images and sound", async () => {
    await fromLangChainChatModel(chatModel()).complete([
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image_base64", imageBase64: "QUJD", mediaType: "image/jpeg" },
          { type: "audio_base64", audioBase64: "REVG" },
        ],
      },
      {
        role: "assistant",
        content: "",
        toolCalls: [{ id: "c1", name: "search", arguments: { query: "x" } }],
      },
      { role: "tool", content: "found", toolCallId: "c1" },
    ]);
    expect(server.lastBody?.["messages"]).toMatchObject([
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          { type: "image_url", image_url: { url: "data:image/jpeg;base64,QUJD" } },
          { type: "input_audio", input_audio: { format: "wav", data: "REVG" } },
        ],
      },
      {
        role: "assistant",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "search", arguments: '{"query":"x"}' } },
        ],
      },
      { role: "tool", content: "found", tool_call_id: "c1" },
    ]);
  });
});

it("the test server streams", async () => {
  server.reply({ content: "one two three", usage: { input: 4, output: 3 } });
  const chunks: AIMessageChunk[] = [];
  for await (const chunk of await chatModel().stream("count")) chunks.push(chunk);
  expect(chunks.map(({ text }) => text).join("")).toBe("one two three");
  expect(chunks.filter(({ text }) => text !== "")).toHaveLength(3);
  expect(chunks.findLast((chunk) => chunk.usage_metadata)?.usage_metadata).toMatchObject({
    input_tokens: 4,
    output_tokens: 3,
  });
});

describe("failures", () => {
  it.each([408, 429, 500, 503])("HTTP %i is an outage", async (status) => {
    server.fail({ status }, { status });
    const outage = {
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
      reason: `HTTP ${status}`,
      cause: expect.any(Error),
    };
    await expect(fromLangChainChatModel(chatModel()).complete(hello)).rejects.toMatchObject(outage);
    await expect(fromLangChainEmbeddings(embeddingModel()).embed(["a"])).rejects.toMatchObject(
      outage,
    );
  });

  it.each([401, 403])(
    "HTTP %i refuses the credentials, and our message tells none",
    async (status) => {
      const failure = { status, message: `Incorrect API key provided: ${apiKey}` };
      server.fail(failure, failure);
      for (const call of [
        () => fromLangChainChatModel(chatModel()).complete(hello),
        () => fromLangChainEmbeddings(embeddingModel()).embed(["a"]),
      ]) {
        const error: unknown = await call().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "ASTROCYTE_AUTHORIZATION", cause: { status } });
        expect(String(error)).not.toContain(apiKey);
      }
      expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    },
  );

  it("another refusal stays what it is", async () => {
    server.fail({ status: 400, message: "no such parameter" });
    await expect(fromLangChainChatModel(chatModel()).complete(hello)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("no such parameter"),
    });
  });

  it("a server that is gone is an outage", async () => {
    const chat = fromLangChainChatModel(chatModel());
    const embeddings = fromLangChainEmbeddings(embeddingModel());
    await server.close();
    const outage = { code: "ASTROCYTE_PROVIDER_UNAVAILABLE", reason: "ECONNREFUSED" };
    await expect(chat.complete(hello)).rejects.toMatchObject(outage);
    await expect(embeddings.embed(["a"])).rejects.toMatchObject(outage);
  });

  it("a connection that breaks is an outage", async () => {
    server.fail("drop");
    await expect(fromLangChainChatModel(chatModel()).complete(hello)).rejects.toMatchObject({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
    });
  });

  it("the client's own timeout is an outage", async () => {
    server.fail("hang");
    await expect(
      fromLangChainChatModel(chatModel({ timeout: 50 })).complete(hello),
    ).rejects.toMatchObject({ code: "ASTROCYTE_PROVIDER_UNAVAILABLE", reason: "timeout" });
  });

  it("an abort under way keeps its reason", async () => {
    server.fail("hang", "hang");
    for (const call of [
      (signal: AbortSignal) => fromLangChainChatModel(chatModel()).complete(hello, { signal }),
      (signal: AbortSignal) => fromLangChainEmbeddings(embeddingModel()).embed(["a"], { signal }),
    ]) {
      const reason = new Error("changed my mind");
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 30);
      await expect(call(controller.signal)).rejects.toBe(reason);
    }
  });
});

describe("OpenAIEmbeddings", () => {
  it.each([
    ["as it comes, in base64", {}, "base64"],
    ["in numbers when told so", { encodingFormat: "float" }, "float"],
  ] as const)("embeds %s", async (_, fields, sent) => {
    const provider = fromLangChainEmbeddings(embeddingModel({ ...fields, dimensions: 32 }));
    const [first, second, again] = await provider.embed(["red fox", "blue whale", "red fox"]);
    expect(server.lastBody).toMatchObject({ encoding_format: sent });
    expect(first).toHaveLength(32);
    expect(again).toEqual(first);
    expect(second).not.toEqual(first);
    expect(await provider.embed(["red fox"], { inputType: "query" })).toEqual([first]);
  });

  it("is refused when it gives base64 undecoded", async () => {
    // What the client does when base64 is asked for by name.
    const provider = fromLangChainEmbeddings(embeddingModel({ encodingFormat: "base64" }));
    await expect(provider.embed(["red fox"])).rejects.toMatchObject({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
    });
  });

  it("joins a chat model", async () => {
    const provider = composeLLMProvider(
      fromLangChainChatModel(chatModel()),
      fromLangChainEmbeddings(embeddingModel()),
    );
    expect((await provider.complete(hello)).text).toBe("hello");
    expect(await provider.embed(["a"])).toHaveLength(1);
  });
});

describe("a stream of a real client", () => {
  const reply = {
    content: "Hi there, you",
    usage: { input: 9, output: 3 },
  };

  it("comes in pieces, with tokens at its end, through the provider and back into a model of LangChain", async () => {
    server.reply(reply);
    const provider = composeLLMProvider(
      fromLangChainChatModel(chatModel()),
      fromLangChainEmbeddings(embeddingModel()),
    );
    const model = new AstrocyteChatModel({ provider });
    const chunks: AIMessageChunk[] = [];
    for await (const chunk of await model.stream("hello")) chunks.push(chunk);
    expect(chunks.map(({ text }) => text).filter(Boolean)).toEqual(["Hi ", "there, ", "you"]);
    const whole = chunks.reduce((before, chunk) => before.concat(chunk));
    expect(whole).toMatchObject({
      text: "Hi there, you",
      usage_metadata: { input_tokens: 9, output_tokens: 3, total_tokens: 12 },
    });
  });

  it("has its tool calls at its end", async () => {
    server.reply({ toolCalls: [{ name: "search", arguments: '{"query":"cats"}' }] });
    const provider = fromLangChainChatModel(chatModel());
    const pieces = provider.stream?.(hello, { tools: [search] });
    expect(await pieces?.next()).toMatchObject({
      done: true,
      value: { text: "", toolCalls: [{ name: "search", arguments: { query: "cats" } }] },
    });
  });

  it("is one answer where a stop sequence is asked for", async () => {
    server.reply(reply);
    const model = new AstrocyteChatModel({ provider: fromLangChainChatModel(chatModel()) });
    const texts: string[] = [];
    for await (const chunk of await model.stream("hello", { stop: [","] })) texts.push(chunk.text);
    expect(texts).toEqual(["Hi there"]);
  });
});
