import { AIMessage, AIMessageChunk, type ContentBlock } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { fakeModel } from "@langchain/core/testing";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { assertProvider, type LLMProvider, type Message, type ToolDefinition } from "astrocyte";
import {
  fromLangChainChatModel,
  type LangChainChatModelLike,
  type LangChainModelSettings,
} from "astrocyte/adapters/langchain";
import { describe, expect, it, vi } from "vitest";

const hello: Message[] = [{ role: "user", content: "hello" }];
const search: ToolDefinition = {
  name: "search",
  description: "Searches.",
  parameters: { type: "object", properties: { query: { type: "string" } } },
};

it("is a provider named after the model", () => {
  const provider = fromLangChainChatModel(fakeModel());
  assertProvider(provider, "LLMProvider", "chat model");
  expect(provider.name).toBe("langchain/fake-model-builder");
  expect(fromLangChainChatModel({ invoke: async () => "" }).name).toBe("langchain");
  expect(fromLangChainChatModel(fakeModel(), { name: "mine" }).name).toBe("mine");
});

it("throws the marker error from embed", async () => {
  await expect(fromLangChainChatModel(fakeModel()).embed(["a"])).rejects.toMatchObject({
    code: "ASTROCYTE_EMBEDDINGS_NOT_SUPPORTED",
  });
});

describe("messages", () => {
  it("arrive as LangChain's own", async () => {
    const model = fakeModel().respond(new AIMessage("done"));
    await fromLangChainChatModel(model).complete([
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is the weather?", name: "alice" },
      {
        role: "assistant",
        content: "",
        toolCalls: [{ id: "call-1", name: "weather", arguments: { city: "Lisbon" } }],
      },
      { role: "tool", content: "sunny", toolCallId: "call-1", name: "weather" },
    ]);
    const [system, user, assistant, tool] = model.calls[0]?.messages ?? [];
    expect(system).toMatchObject({ type: "system", content: "Be brief." });
    expect(user).toMatchObject({ type: "human", content: "What is the weather?", name: "alice" });
    expect(assistant).toMatchObject({
      type: "ai",
      tool_calls: [{ id: "call-1", name: "weather", args: { city: "Lisbon" }, type: "tool_call" }],
    });
    expect(tool).toMatchObject({ type: "tool", content: "sunny", tool_call_id: "call-1" });
  });

  it("carry images and sound as content blocks", async () => {
    const model = fakeModel().respond(new AIMessage("done"));
    await fromLangChainChatModel(model).complete([
      {
        role: "user",
        content: [
          { type: "text", text: "Look and listen." },
          { type: "image_url", imageUrl: "https://example.org/a.png" },
          { type: "image_base64", imageBase64: "QUJD", mediaType: "image/webp" },
          { type: "audio_base64", audioBase64: "REVG", mediaType: "audio/mp3" },
          { type: "audio_url", audioUrl: "https://example.org/a.mp3" },
        ],
      },
    ]);
    expect(model.calls[0]?.messages[0]?.content).toEqual([
      { type: "text", text: "Look and listen." },
      { type: "image_url", image_url: { url: "https://example.org/a.png" } },
      { type: "image_url", image_url: { url: "data:image/webp;base64,QUJD" } },
      { type: "audio", source_type: "base64", data: "REVG", mime_type: "audio/mp3" },
      { type: "audio", source_type: "url", url: "https://example.org/a.mp3" },
    ]);
  });

  it.each<[string, Message, RegExp]>([
    [
      "an image without its data",
      { role: "user", content: [{ type: "image_url" }] },
      /content\[0\]\.imageUrl/,
    ],
    ["a tool result without its call", { role: "tool", content: "x" }, /messages\[1\]\.toolCallId/],
  ])("with %s are refused before the call", async (_, message, expected) => {
    const model = fakeModel().respond(new AIMessage("never"));
    await expect(fromLangChainChatModel(model).complete([...hello, message])).rejects.toMatchObject(
      {
        code: "ASTROCYTE_INVALID_ARGUMENT",
        message: expect.stringMatching(expected),
      },
    );
    expect(model.callCount).toBe(0);
  });
});

describe("the completion", () => {
  it("has text, model and usage", async () => {
    const content: ContentBlock[] = [
      { type: "text", text: "Hello, " },
      { type: "reasoning", reasoning: "a secret thought" },
      { type: "text", text: "Alice" },
    ];
    const message = new AIMessage({ content, response_metadata: { model_name: "fake-1" } });
    const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
    const model = fakeModel().respond(Object.assign(message, { usage_metadata: usage }));
    expect(await fromLangChainChatModel(model).complete(hello)).toEqual({
      text: "Hello, Alice",
      model: "fake-1",
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });

  it("makes do without metadata", async () => {
    const model = new FakeListChatModel({ responses: ["one", "two"] });
    const provider = fromLangChainChatModel(model);
    const options = { temperature: 0, maxTokens: 10 };
    expect(await provider.complete(hello, options)).toEqual({ text: "one", model: provider.name });
    expect(await provider.complete(hello, options)).toMatchObject({ text: "two" });
  });

  it.each([
    ["a string", "plain", "plain"],
    ["a bare object", { content: "bare" }, "bare"],
    [
      "blocks without a text getter",
      { content: ["a", { type: "text", text: "b" }, { type: "image" }] },
      "ab",
    ],
    ["nothing", undefined, ""],
  ])("takes %s", async (_, answer, text) => {
    const provider = fromLangChainChatModel({ invoke: async () => answer });
    expect(await provider.complete(hello)).toMatchObject({ text });
  });

  it("comes from a chain that ends in a model", async () => {
    const chain = RunnableLambda.from(
      (input: unknown) => new AIMessage(`got ${JSON.stringify(input)}`),
    );
    const { text } = await fromLangChainChatModel(chain).complete(hello);
    expect(text).toBe('got [{"role":"user","content":"hello"}]');
  });
});

describe("tools", () => {
  it("are bound, and their calls returned", async () => {
    const model = fakeModel().respondWithTools([
      { name: "search", args: { query: "x" }, id: "c1" },
    ]);
    const bindTools = vi.spyOn(model, "bindTools");
    const { toolCalls } = await fromLangChainChatModel(model).complete(hello, {
      tools: [search],
      toolChoice: "required",
    });
    expect(toolCalls).toEqual([{ id: "c1", name: "search", arguments: { query: "x" } }]);
    expect(bindTools).toHaveBeenCalledExactlyOnceWith([{ type: "function", function: search }], {
      tool_choice: "any",
    });
  });

  it("calls get an id when they have none", async () => {
    const answer = new AIMessageChunk({
      content: "",
      tool_calls: [{ name: "search", args: {} }],
    });
    const provider = fromLangChainChatModel(fakeModel().respond(answer), {
      createId: () => "made",
    });
    const { toolCalls } = await provider.complete(hello, { tools: [search] });
    expect(toolCalls).toEqual([{ id: "made", name: "search", arguments: {} }]);
  });

  it("are ignored by a model that cannot bind them", async () => {
    const provider = fromLangChainChatModel({
      invoke: async () => ({ content: "no tools", tool_calls: [{ id: "1", name: "x", args: {} }] }),
    });
    const completion = await provider.complete(hello, { tools: [search] });
    expect(completion).toEqual({ text: "no tools", model: "langchain" });
  });
});

describe("settings of a call", () => {
  it("make a model through configure", async () => {
    const seen: LangChainModelSettings[] = [];
    const fallback = fakeModel().respond(new AIMessage("default"));
    const provider = fromLangChainChatModel(fallback, {
      configure: (settings) => {
        seen.push(settings);
        return fakeModel().respond(new AIMessage("configured"));
      },
    });
    const asked = await provider.complete(hello, { temperature: 0, maxTokens: 5 });
    expect(asked.text).toBe("configured");
    expect((await provider.complete(hello)).text).toBe("default");
    expect(seen).toEqual([{ temperature: 0, maxTokens: 5 }]);
  });

  it("show in OpenAI's models for that call only, and what the model keeps stays in it", async () => {
    const model = {
      temperature: 0.7,
      calls: 0,
      _llmType: () => "openai",
      async invoke() {
        this.calls += 1;
        return `at ${this.temperature}`;
      },
    };
    const provider = fromLangChainChatModel(model);
    expect((await provider.complete(hello, { temperature: 0 })).text).toBe("at 0");
    expect((await provider.complete(hello)).text).toBe("at 0.7");
    expect(model).toMatchObject({ temperature: 0.7, calls: 2 });
  });

  it("do not reach another model", async () => {
    const provider = fromLangChainChatModel({
      temperature: 0.7,
      async invoke() {
        return `at ${this.temperature}`;
      },
    } as LangChainChatModelLike & { temperature: number });
    expect((await provider.complete(hello, { temperature: 0 })).text).toBe("at 0.7");
  });
});

describe("aborts", () => {
  it("before the call do not call", async () => {
    const model = fakeModel().respond(new AIMessage("never"));
    const reason = new Error("gone");
    await expect(
      fromLangChainChatModel(model).complete(hello, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    expect(model.callCount).toBe(0);
  });

  it("reject at once when the model does not heed them", async () => {
    const controller = new AbortController();
    const provider = fromLangChainChatModel({ invoke: () => new Promise(() => {}) });
    const completion = provider.complete(hello, { signal: controller.signal });
    controller.abort("changed my mind");
    await expect(completion).rejects.toBe("changed my mind");
  });

  it("keep their reason when the model wraps them", async () => {
    const controller = new AbortController();
    const provider = fromLangChainChatModel({
      invoke: async () => {
        controller.abort("mine");
        throw new Error("AbortError of my own");
      },
    });
    await expect(provider.complete(hello, { signal: controller.signal })).rejects.toBe("mine");
  });
});

it("passes an error of the model on as it is", async () => {
  const error = new TypeError("bad prompt");
  await expect(fromLangChainChatModel(fakeModel().alwaysThrow(error)).complete(hello)).rejects.toBe(
    error,
  );
});

it("takes what the model can read from its profile", () => {
  const seeing = { invoke: async () => "", profile: { imageInputs: true, audioInputs: false } };
  expect(fromLangChainChatModel(seeing).capabilities).toMatchObject({
    supportsMultimodalCompletion: true,
    modalitiesSupported: ["text", "image"],
  });
  expect(fromLangChainChatModel(fakeModel()).capabilities.supportsMultimodalCompletion).toBe(false);
  expect(
    fromLangChainChatModel(seeing, { capabilities: { supportsMultimodalCompletion: false } })
      .capabilities.supportsMultimodalCompletion,
  ).toBe(false);
});

async function read(pieces: ReturnType<NonNullable<LLMProvider["stream"]>> | undefined) {
  const texts: string[] = [];
  if (pieces === undefined) throw new Error("the provider does not stream");
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return { texts, completion: next.value };
    texts.push(next.value);
  }
}

describe("a stream", () => {
  it("has the pieces of the model's own, and the whole at its end", async () => {
    const provider = fromLangChainChatModel(new FakeListChatModel({ responses: ["Hey you"] }));
    const { texts, completion } = await read(provider.stream?.(hello));
    expect(texts).toEqual("Hey you".split(""));
    expect(completion).toMatchObject({ text: "Hey you" });
  });

  it("has one piece where the model only answers", async () => {
    const provider = fromLangChainChatModel({ invoke: async () => "all at once" });
    const { texts, completion } = await read(provider.stream?.(hello));
    expect(texts).toEqual(["all at once"]);
    expect(completion).toMatchObject({ text: "all at once" });
  });

  it("ends with the abort, also when the model does not heed it", async () => {
    const stuck = {
      invoke: async () => "",
      stream: async () =>
        (async function* () {
          yield new AIMessageChunk("a");
          await new Promise(() => {});
        })(),
    };
    const controller = new AbortController();
    const pieces = fromLangChainChatModel(stuck).stream?.(hello, { signal: controller.signal });
    expect(await pieces?.next()).toEqual({ value: "a", done: false });
    const next = pieces?.next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toThrow("enough");
  });

  it("lets go of the model when who reads it stops", async () => {
    let isReleased = false;
    const endless = {
      invoke: async () => "",
      stream: async () =>
        (async function* () {
          try {
            for (;;) yield new AIMessageChunk("a");
          } finally {
            isReleased = true;
          }
        })(),
    };
    for await (const piece of fromLangChainChatModel(endless).stream?.(hello) ?? []) {
      expect(piece).toBe("a");
      break;
    }
    expect(isReleased).toBe(true);
  });

  it("maps an outage in its middle", async () => {
    const failing = {
      invoke: async () => "",
      stream: async () =>
        (async function* () {
          yield new AIMessageChunk("a");
          throw Object.assign(new Error("bad gateway"), { status: 502 });
        })(),
    };
    await expect(read(fromLangChainChatModel(failing).stream?.(hello))).rejects.toMatchObject({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
    });
  });
});
