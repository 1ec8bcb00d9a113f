import { createRequire } from "node:module";
import * as documents from "@langchain/core/documents";
import * as messages from "@langchain/core/messages";
import type * as runnables from "@langchain/core/runnables";
import {
  AstrocyteChatMessageHistory,
  AstrocyteChatModel,
  AstrocyteRetriever,
  AstrocyteVectorStore,
  createMemoryTools,
} from "astrocyte/adapters/langchain";
import { createInMemoryVectorStore, createScriptedLLM, HashedEmbeddings } from "astrocyte/testing";
import { expect, it } from "vitest";
import { createBrain } from "./support.js";

/** The CommonJS copy of core, which a CommonJS application loads beside ours. */
const load = createRequire(import.meta.url);
const other = {
  ...(load("@langchain/core/documents") as typeof documents),
  ...(load("@langchain/core/messages") as typeof messages),
  ...(load("@langchain/core/runnables") as typeof runnables),
};

it("is really another copy", () => {
  expect(new other.Document({ pageContent: "x" })).not.toBeInstanceOf(documents.Document);
  expect(other.HumanMessage).not.toBe(messages.HumanMessage);
});

it("brings messages that a model and a history take", async () => {
  const llm = createScriptedLLM({ responses: ["ok"] });
  const turn = [
    new other.SystemMessage("s"),
    new other.HumanMessage("h"),
    new other.AIMessage({ content: "", tool_calls: [{ id: "1", name: "t", args: {} }] }),
    new other.ToolMessage({ content: "r", tool_call_id: "1" }),
  ];
  await new AstrocyteChatModel({ provider: llm }).invoke(turn);
  expect(llm.calls[0]?.messages).toMatchObject([
    { role: "system", content: "s" },
    { role: "user", content: "h" },
    { role: "assistant", toolCalls: [{ id: "1", name: "t" }] },
    { role: "tool", content: "r", toolCallId: "1" },
  ]);
  const history = new AstrocyteChatMessageHistory({
    store: createInMemoryVectorStore(),
    bankId: "b",
    sessionId: "s",
  });
  await history.addMessages(turn);
  expect((await history.getMessages()).map(({ type }) => type)).toEqual([
    "system",
    "human",
    "ai",
    "tool",
  ]);
});

it("brings documents that a vector store takes", async () => {
  const document = new other.Document({ pageContent: "tea", metadata: { n: 1 }, id: "t" });
  const store = await AstrocyteVectorStore.fromDocuments([document], new HashedEmbeddings(), {
    store: createInMemoryVectorStore(),
    bankId: "b",
  });
  expect(await store.similaritySearch("tea", 1)).toMatchObject([
    { id: "t", pageContent: "tea", metadata: { n: 1 } },
  ]);
});

it("has chains that a retriever and a tool run in", async () => {
  await using brain = await createBrain();
  await brain.retain("Ana likes tea", { bankId: "b" });
  const retriever = new AstrocyteRetriever({ brain });
  const chain = other.RunnableSequence.from([
    retriever as never,
    (found: { length: number }) => found.length,
  ]);
  expect(await chain.invoke("tea", { configurable: { bankId: "b" } })).toBe(1);
  const [tool] = createMemoryTools(brain, { operations: ["recall"] });
  const call = other.RunnableLambda.from((query: string, config) =>
    tool?.invoke({ query }, config as never),
  );
  expect(await call.invoke("tea", { configurable: { bankId: "b" } })).toContain("Ana likes tea");
});
