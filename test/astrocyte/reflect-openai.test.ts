import { ChatOpenAI } from "@langchain/openai";
import { Astrocyte } from "astrocyte";
import { fromLangChainChatModel } from "astrocyte/adapters/langchain";
import { createInMemoryVectorStore } from "astrocyte/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOpenAIServer, type OpenAIServer } from "../support/openai-server.js";

const bankId = "user-1";

let server: OpenAIServer;
beforeEach(async () => {
  server = await startOpenAIServer();
});
afterEach(() => server.close());

function createBrain(): Astrocyte {
  const model = new ChatOpenAI({
    model: "gpt-4o-mini",
    apiKey: "sk-test",
    maxRetries: 0,
    configuration: { baseURL: server.baseURL },
  });
  return new Astrocyte({
    vectorStore: createInMemoryVectorStore(),
    llm: fromLangChainChatModel(model),
    logger: { warn: () => undefined },
    config: { agentic_reflect: { enabled: true } },
  });
}

describe("reflect with tools over ChatOpenAI", () => {
  it("searches by tool calls and answers by another", async () => {
    const brain = createBrain();
    const { memoryId = "" } = await brain.retain("Ann has a cat called Whiskers", { bankId });
    await brain.retain("Ann works at Acme", { bankId });
    server.reply(
      {
        toolCalls: [{ name: "recall", arguments: '{"query": "cat Whiskers", "reason": "pets"}' }],
        usage: { input: 50, output: 5 },
      },
      {
        toolCalls: [
          {
            name: "done",
            arguments: JSON.stringify({ answer: "Whiskers", cited_ids: [memoryId] }),
          },
        ],
        usage: { input: 70, output: 6 },
      },
    );
    expect(await brain.reflect("What is Ann's cat called?", { bankId })).toMatchObject({
      answer: "Whiskers",
      sources: [{ memoryId }],
      usage: { calls: 2, inputTokens: 120, outputTokens: 11 },
    });
    const [first, second] = server.requests.map(({ body }) => body);
    expect(first?.["tools"]).toMatchObject([
      { type: "function", function: { name: "recall" } },
      { type: "function", function: { name: "expand" } },
      { type: "function", function: { name: "done" } },
    ]);
    const messages = second?.["messages"] as { role: string; tool_call_id?: string }[];
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(messages[3]?.tool_call_id).toBeTruthy();
  });

  it("answers in one call when arguments are no JSON", async () => {
    const brain = createBrain();
    await brain.retain("Ann has a cat called Whiskers", { bankId });
    server.reply({ toolCalls: [{ name: "done", arguments: "{not json" }] }, "Whiskers.");
    const { answer } = await brain.reflect("What is Ann's cat called?", { bankId });
    expect(answer).toBe("Whiskers.");
  });

  it("answers in one call when the first is refused", async () => {
    const brain = createBrain();
    await brain.retain("Ann has a cat called Whiskers", { bankId });
    server.fail({ status: 400 });
    server.reply("Whiskers.");
    const { answer } = await brain.reflect("What is Ann's cat called?", { bankId });
    expect(answer).toBe("Whiskers.");
  });
});
