import {
  AIMessage,
  AIMessageChunk,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import type { CompleteOptions, Completion, LLMProvider, Message } from "astrocyte";
import {
  AstrocyteChatModel,
  fromLangChainChatModel,
  type AstrocyteChatModelFields,
} from "astrocyte/adapters/langchain";
import { createScriptedLLM, type ScriptedLLM, type ScriptedResponse } from "astrocyte/testing";
import { createAgent, toolStrategy } from "langchain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import * as z3 from "zod/v3";
import { startOpenAIServer, type OpenAIServer } from "../../support/openai-server.js";

function scripted(...responses: ScriptedResponse[]): {
  llm: ScriptedLLM;
  model: AstrocyteChatModel;
} {
  const llm = createScriptedLLM({ responses });
  return { llm, model: new AstrocyteChatModel({ provider: llm }) };
}

function calling(name: string, args: Record<string, string | number>, text = ""): Completion {
  return { text, model: "m", toolCalls: [{ id: "c1", name, arguments: args }] };
}

/** Calls the tool that is offered. */
function respond(args: Record<string, string | number>): ScriptedResponse {
  return (_messages, options) => calling(options?.tools?.[0]?.name ?? "", args);
}

const weather = tool(({ city }) => `Sunny in ${city}`, {
  name: "weather",
  description: "Tells the weather.",
  schema: z.object({ city: z.string() }),
});

describe("messages", () => {
  it("reach the provider in its form", async () => {
    const { llm, model } = scripted("ok");
    await model.invoke([
      new SystemMessage("Be brief."),
      new HumanMessage({
        content: [
          { type: "text", text: "Look:" },
          { type: "image_url", image_url: { url: "data:image/jpeg;base64,AAAA" } },
          { type: "image_url", image_url: "https://example.com/a.png" },
          { type: "image", source_type: "base64", data: "BBBB", mime_type: "image/png" },
          { type: "audio", source_type: "url", url: "https://example.com/a.mp3" },
          { type: "input_audio", input_audio: { data: "CCCC", format: "wav" } },
        ],
        name: "ana",
      }),
      new AIMessage({
        content: [{ type: "reasoning", reasoning: "hm" }],
        tool_calls: [{ id: "c1", name: "weather", args: { city: "Porto" } }],
      }),
      new ToolMessage({ content: "sunny", tool_call_id: "c1" }),
    ]);
    const expected: Message[] = [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        name: "ana",
        content: [
          { type: "text", text: "Look:" },
          { type: "image_base64", imageBase64: "AAAA", mediaType: "image/jpeg" },
          { type: "image_url", imageUrl: "https://example.com/a.png" },
          { type: "image_base64", imageBase64: "BBBB", mediaType: "image/png" },
          { type: "audio_url", audioUrl: "https://example.com/a.mp3" },
          { type: "audio_base64", audioBase64: "CCCC", mediaType: "audio/wav" },
        ],
      },
      {
        role: "assistant",
        content: [],
        toolCalls: [{ id: "c1", name: "weather", arguments: { city: "Porto" } }],
      },
      { role: "tool", content: "sunny", toolCallId: "c1" },
    ];
    expect(llm.calls[0]?.messages).toEqual(expected);
  });

  it.each([
    [
      "a block",
      [new HumanMessage({ content: [{ type: "video", url: "x" }] })],
      'messages[0].content[0]: a block of the type "video"',
    ],
    ["a role", [{ role: "oracle", content: "x" }], "oracle"],
  ])("refuse %s that has no such form", async (_what, messages, reason) => {
    await expect(scripted("ok").model.invoke(messages as never)).rejects.toThrow(reason);
  });
});

describe("answers", () => {
  it("have text, model and token counts", async () => {
    const { model } = scripted({
      text: "Hi",
      model: "gpt",
      usage: { inputTokens: 3, outputTokens: 1 },
    });
    const answer = await model.invoke("Hello");
    expect(AIMessageChunk.isInstance(answer)).toBe(true);
    expect(answer).toMatchObject({
      content: "Hi",
      usage_metadata: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
      response_metadata: { model_name: "gpt" },
    });
    expect((await scripted("Hi").model.invoke("Hello")).usage_metadata).toBeUndefined();
  });

  it("work in a chain, in a batch and as a stream", async () => {
    const usage = { inputTokens: 3, outputTokens: 1 };
    const { model } = scripted({ text: "one", model: "m", usage }, "two", "three", "four");
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await model.stream("x")) whole = whole?.concat(chunk) ?? chunk;
    expect(whole).toMatchObject({ content: "one", usage_metadata: { total_tokens: 4 } });
    const chain = ChatPromptTemplate.fromTemplate("{x}").pipe(model).pipe(new StringOutputParser());
    expect(await chain.invoke({ x: "x" })).toBe("two");
    expect(new Set(await chain.batch([{ x: "x" }, { x: "y" }]))).toEqual(
      new Set(["three", "four"]),
    );
  });

  it("stop before a stop sequence", async () => {
    expect(
      (await scripted("one END two").model.invoke("x", { stop: ["END", "two", ""] })).text,
    ).toBe("one ");
  });

  it("come with the settings of the model and of the call", async () => {
    const llm = createScriptedLLM({ responses: ["a", "b"] });
    const model = new AstrocyteChatModel({
      provider: llm,
      model: "big",
      maxTokens: 5,
      temperature: 0.5,
    });
    await model.invoke("x");
    await model.invoke("x", {
      model: "small",
      temperature: 0,
      response_format: { type: "json_object" },
    });
    expect(llm.calls[0]?.options).toMatchObject({ model: "big", maxTokens: 5, temperature: 0.5 });
    expect(llm.calls[1]?.options).toMatchObject({
      model: "small",
      maxTokens: 5,
      temperature: 0,
      responseFormat: { type: "json_object" },
    });
  });

  it("reject with the reason of an abort, and with the provider's errors", async () => {
    const reason = new Error("enough");
    const deaf = new AstrocyteChatModel({
      provider: { ...createScriptedLLM({ responses: [] }), complete: () => new Promise(() => {}) },
    });
    const controller = new AbortController();
    const call = deaf.invoke("x", { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toThrow(/abort|enough/i);
    await expect(deaf.invoke("x", { timeout: 5 })).rejects.toThrow(/timeout|abort/i);
    await expect(scripted(new Error("out of order")).model.invoke("x")).rejects.toThrow(
      "out of order",
    );
  });

  it("count tokens without the network", async () => {
    expect(await scripted().model.getNumTokens("12345678")).toBe(2);
    expect(await scripted().model.getNumTokens([{ type: "text", text: "1234" }])).toBe(1);
  });

  it("keep the provider out of what is serialized", () => {
    const model = new AstrocyteChatModel({
      provider: { ...createScriptedLLM({ responses: [] }), apiKey: "sk-secret" } as LLMProvider,
    });
    expect(JSON.stringify(model)).not.toContain("sk-secret");
    expect(() => new AstrocyteChatModel({ provider: {} } as never)).toThrow("is not a LLMProvider");
  });
});

describe("tools", () => {
  it("are offered in the provider's form, and calls come back as LangChain's", async () => {
    const { llm, model } = scripted(calling("weather", { city: "Porto" }), "x", "x", "x");
    const answer = await model.bindTools([weather], { tool_choice: "any" }).invoke("Weather?");
    expect(answer.tool_calls).toEqual([
      { type: "tool_call", id: "c1", name: "weather", args: { city: "Porto" } },
    ]);
    const options: CompleteOptions | undefined = llm.calls[0]?.options;
    expect(options).toMatchObject({
      toolChoice: "required",
      tools: [
        {
          name: "weather",
          description: "Tells the weather.",
          parameters: { type: "object", properties: { city: { type: "string" } } },
        },
      ],
    });
    await model.bindTools([weather], { tool_choice: "none" }).invoke("x");
    expect(llm.calls[1]?.options?.tools).toBeUndefined();
    const named = { type: "function", function: { name: "weather" } } as const;
    await model.bindTools([weather], { tool_choice: named }).invoke("x");
    expect(llm.calls[2]?.options?.toolChoice).toBe("weather");
    expect(() => model.bindTools([{ nonsense: true }])).toThrow("tools[0]");
  });

  it("come as chunks in a stream", async () => {
    const { model } = scripted(calling("weather", { city: "Porto" }));
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await model.bindTools([weather]).stream("x"))
      whole = whole?.concat(chunk) ?? chunk;
    expect(whole?.tool_calls).toMatchObject([{ name: "weather", args: { city: "Porto" } }]);
  });

  it("drive an agent", async () => {
    const { llm, model } = scripted(calling("weather", { city: "Porto" }), "It is sunny.");
    const agent = createAgent({ model, tools: [weather] });
    const { messages } = await agent.invoke({
      messages: [{ role: "user", content: "Weather in Porto?" }],
    });
    expect(messages.map(({ text }) => text)).toEqual([
      "Weather in Porto?",
      "",
      "Sunny in Porto",
      "It is sunny.",
    ]);
    expect(llm.calls[1]?.messages.at(-1)).toEqual({
      role: "tool",
      name: "weather",
      content: "Sunny in Porto",
      toolCallId: "c1",
    });
  });
});

describe("structured output", () => {
  const schema = z.object({ city: z.string(), days: z.int().min(1) });
  const good = { city: "Porto", days: 2 };
  const bad = { city: "Porto", days: 0 };

  it.each([
    ["zod", schema],
    ["zod 3", z3.object({ city: z3.string(), days: z3.number().int().min(1) })],
    [
      "a JSON Schema",
      {
        title: "trip",
        type: "object",
        properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
        required: ["city", "days"],
      },
    ],
  ])("is checked against %s", async (_kind, form) => {
    const { llm, model } = scripted(respond(good), respond(bad), respond(bad));
    expect(await model.withStructuredOutput(form).invoke("x")).toEqual(good);
    expect(llm.calls[0]?.options?.toolChoice).toBe(llm.calls[0]?.options?.tools?.[0]?.name);
    await expect(model.withStructuredOutput(form).invoke("x")).rejects.toThrow(
      "does not fit the schema",
    );
    const raw = await model.withStructuredOutput(form, { includeRaw: true }).invoke("x");
    expect(raw).toMatchObject({ parsed: null, raw: { tool_calls: [{ args: bad }] } });
  });

  it("is taken from JSON when the model makes no call, whole JSON only", async () => {
    const { model } = scripted(
      '```json\n{"city":"Porto","days":2}\n```',
      '{"city":"Porto","days":2',
      "no",
    );
    const structured = model.withStructuredOutput(schema);
    expect(await structured.invoke("x")).toEqual(good);
    await expect(structured.invoke("x")).rejects.toMatchObject({
      lc_error_code: "OUTPUT_PARSING_FAILURE",
    });
    await expect(structured.invoke("x")).rejects.toThrow('neither a call of "extract" nor JSON');
  });

  it("can be asked for as a response format", async () => {
    const { llm, model } = scripted(JSON.stringify(good), JSON.stringify(good));
    await model.withStructuredOutput(schema, { method: "jsonSchema", name: "trip" }).invoke("x");
    await model.withStructuredOutput(schema, { method: "jsonMode" }).invoke("x");
    expect(llm.calls[0]?.options?.responseFormat).toMatchObject({
      type: "json_schema",
      json_schema: { name: "trip" },
    });
    expect(llm.calls[1]?.options?.responseFormat).toEqual({ type: "json_object" });
    expect(() => model.withStructuredOutput(schema, { method: "telepathy" })).toThrow(
      '"telepathy" is unknown',
    );
  });

  it("works as an agent's response format", async () => {
    const { model } = scripted((_messages, options) =>
      calling(options?.tools?.[0]?.name ?? "", good),
    );
    const agent = createAgent({ model, tools: [], responseFormat: toolStrategy(schema) });
    const { structuredResponse } = await agent.invoke({
      messages: [{ role: "user", content: "x" }],
    });
    expect(structuredResponse).toEqual(good);
  });
});

describe("over ChatOpenAI and back", () => {
  let server: OpenAIServer;
  beforeEach(async () => {
    server = await startOpenAIServer();
  });
  afterEach(() => server.close());

  function modelOf(fields: Partial<AstrocyteChatModelFields> = {}): AstrocyteChatModel {
    const openai = new ChatOpenAI({
      model: "gpt-4o-mini",
      apiKey: "k",
      maxRetries: 0,
      configuration: { baseURL: server.baseURL },
    });
    return new AstrocyteChatModel({ provider: fromLangChainChatModel(openai), ...fields });
  }

  it("answers, calls tools and gives structure", async () => {
    server.reply(
      { content: "Hi", usage: { input: 4, output: 1 } },
      { toolCalls: [{ name: "weather", arguments: '{"city":"Porto"}' }] },
      { toolCalls: [{ name: "extract", arguments: '{"city":"Porto"}' }] },
    );
    expect(await modelOf().invoke("Hello")).toMatchObject({
      content: "Hi",
      usage_metadata: { total_tokens: 5 },
    });
    const { tool_calls: calls } = await modelOf().bindTools([weather]).invoke("Weather?");
    expect(calls).toMatchObject([{ name: "weather", args: { city: "Porto" } }]);
    expect(server.lastBody).toMatchObject({
      tools: [{ type: "function", function: { name: "weather" } }],
    });
    expect(
      await modelOf()
        .withStructuredOutput(z.object({ city: z.string() }))
        .invoke("x"),
    ).toEqual({ city: "Porto" });
  });

  it("passes an abort on to the server", async () => {
    server.fail("hang");
    await expect(modelOf().invoke("x", { timeout: 50 })).rejects.toThrow(/timeout|abort/i);
  });
});
