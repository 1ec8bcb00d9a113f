import assert from "node:assert/strict";
import {
  assertProvider,
  completionSchema,
  llmCapabilitiesSchema,
  parseShape,
  type LLMProvider,
  type Message,
  type ToolDefinition,
} from "astrocyte";
import { checkSpiVersion } from "../declared.js";
import { rejectsWithReason } from "../rejections.js";
import type { Chapter } from "../suite.js";
import type { LLMProviderTarget } from "./target.js";

const question: Message[] = [
  { role: "system", content: "Answer in one word." },
  { role: "user", content: "What is the capital of France? 🇫🇷" },
];

const tools: ToolDefinition[] = [
  {
    name: "lookup",
    description: "Looks a word up.",
    parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
  },
];

export const completing: Chapter<LLMProvider, LLMProviderTarget> = {
  title: "completing",
  statements: [
    {
      id: "LLM-declared",
      text: "the SPI version is 1 and the capabilities are a stable record",
      check: async (provider) => {
        assertProvider(provider, "LLMProvider", "the provider");
        checkSpiVersion(provider, "LLMProvider");
        const capabilities = parseShape(
          llmCapabilitiesSchema,
          provider.capabilities,
          "capabilities",
        );
        assert.deepEqual(
          parseShape(llmCapabilitiesSchema, provider.capabilities, "capabilities"),
          capabilities,
        );
      },
    },
    {
      id: "LLM-4",
      text: "complete answers with a text and the model's name",
      check: async (provider) => {
        const completion = await provider.complete(question);
        parseShape(completionSchema, completion, "completion");
        assert.equal(typeof completion.text, "string");
        assert.ok(completion.model.length > 0, "the model must be named");
      },
    },
    {
      id: "LLM-5",
      text: "a provider without tools ignores them and returns no tool calls",
      unless: ({ usesTools }) => usesTools && "the provider uses tools",
      check: async (provider) => {
        for (const toolChoice of ["auto", "required", "lookup"]) {
          const completion = await provider.complete(question, { tools, toolChoice });
          assert.equal(completion.toolCalls, undefined);
          assert.equal(typeof completion.text, "string");
        }
      },
    },
    {
      id: "LLM-5-tools",
      text: "tool calls name an offered tool and carry an object of arguments",
      unless: ({ usesTools }) => !usesTools && "the provider does not use tools",
      check: async (provider) => {
        const completion = await provider.complete(question, { tools, toolChoice: "required" });
        const { toolCalls = [] } = parseShape(completionSchema, completion, "completion");
        assert.ok(toolCalls.length > 0, "a required tool must be called");
        for (const { id, name } of toolCalls) {
          assert.equal(name, "lookup");
          assert.ok(id.length > 0);
        }
      },
    },
    {
      id: "LLM-6",
      text: "a conversation with tool calls and their results is answered, and left as it was",
      check: async (provider) => {
        const conversation: Message[] = [
          ...question,
          {
            role: "assistant",
            content: "",
            toolCalls: [{ id: "call-1", name: "lookup", arguments: { word: "France" } }],
          },
          { role: "tool", content: "Paris", toolCallId: "call-1", name: "lookup" },
          { role: "user", content: [{ type: "text", text: "So?" }] },
        ];
        const before = structuredClone(conversation);
        const completion = await provider.complete(conversation, { tools });
        parseShape(completionSchema, completion, "completion");
        assert.deepEqual(conversation, before);
      },
    },
    {
      id: "LLM-abort",
      text: "an aborted signal rejects complete with its reason",
      check: (provider) =>
        rejectsWithReason("complete", (signal) => provider.complete(question, { signal })),
    },
  ],
};
