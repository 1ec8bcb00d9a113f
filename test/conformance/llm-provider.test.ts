import { EmbeddingsNotSupportedError, type LLMProvider } from "astrocyte";
import { llmProviderConformance, type LLMProviderTarget } from "astrocyte/conformance";
import { createMockLLM, createScriptedLLM, HashedEmbeddings } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { failedIds } from "./failed-ids.js";

const responses = Array.from({ length: 5 }, () => "Paris");

llmProviderConformance({ name: "mock", create: () => createMockLLM() }, { describe, it });
llmProviderConformance(
  { name: "scripted", create: () => createScriptedLLM({ responses }), embeds: false },
  { describe, it },
);
llmProviderConformance(
  {
    name: "scripted with embeddings",
    create: () => createScriptedLLM({ responses, embeddings: new HashedEmbeddings() }),
  },
  { describe, it },
);

function broken(change: (provider: LLMProvider) => Partial<LLMProvider>): () => LLMProvider {
  return () => {
    const provider = createMockLLM();
    return { ...provider, ...change(provider) };
  };
}

const toolCall = { id: "1", name: "lookup", arguments: {} };

const subjects: readonly [string, string, () => LLMProvider, Partial<LLMProviderTarget>?][] = [
  ["says version 2", "LLM-declared", broken(() => ({ spiVersion: 2 as never }))],
  [
    "reverses vectors",
    "LLM-1",
    broken((provider) => ({
      embed: async (texts, options) => (await provider.embed(texts, options)).toReversed(),
    })),
  ],
  [
    "embeds nothing as something",
    "LLM-1",
    broken((provider) => ({
      embed: (texts, options) => provider.embed(texts.length === 0 ? [""] : texts, options),
    })),
  ],
  [
    "changes the dimension",
    "LLM-1",
    broken(() => ({
      embed: async (texts) =>
        texts.map(({ length }) => Array.from({ length: length + 1 }, () => 1)),
    })),
  ],
  [
    "embeds at random",
    "LLM-2",
    broken(() => ({
      embed: async (texts) => texts.map(() => [Math.random(), Math.random(), Math.random()]),
    })),
  ],
  [
    "throws any error without embeddings",
    "LLM-3",
    broken(() => ({ embed: () => Promise.reject(new Error("not implemented")) })),
    { embeds: false },
  ],
  [
    "ignores an aborted signal when embedding",
    "LLM-embed-abort",
    broken((provider) => ({ embed: (texts) => provider.embed(texts) })),
  ],
  [
    "does not name the model",
    "LLM-4",
    broken(() => ({ complete: async () => ({ text: "Paris", model: "" }) })),
  ],
  [
    "calls tools it denies",
    "LLM-5",
    broken(() => ({
      complete: async () => ({ text: "", model: "m", toolCalls: [toolCall] }),
    })),
  ],
  ["does not use tools it claims", "LLM-5-tools", broken(() => ({})), { usesTools: true }],
  [
    "refuses tool messages",
    "LLM-6",
    broken((provider) => ({
      complete: async (messages, options) => {
        if (messages.some(({ role }) => role === "tool")) throw new Error("unknown role");
        return provider.complete(messages, options);
      },
    })),
  ],
  [
    "ignores an aborted signal",
    "LLM-abort",
    broken((provider) => ({ complete: (messages) => provider.complete(messages) })),
  ],
];

describe("a broken LLM provider", () => {
  it.each(subjects)("that %s fails %s", async (_what, id, create, target = {}) => {
    const failed = await failedIds((runner) => {
      llmProviderConformance({ name: "broken", create, ...target }, runner);
    });
    expect(failed).toContain(id);
  });

  it("passes when it only lacks embeddings and says so", async () => {
    const create = broken(() => ({
      embed: () => Promise.reject(new EmbeddingsNotSupportedError("chat")),
    }));
    const failed = await failedIds((runner) => {
      llmProviderConformance({ name: "chat", create, embeds: false }, runner);
    });
    expect(failed).toEqual([]);
  });
});
