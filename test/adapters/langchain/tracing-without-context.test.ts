import { RunnableLambda } from "@langchain/core/runnables";
import {
  AsyncLocalStorageProviderSingleton,
  MockAsyncLocalStorage,
} from "@langchain/core/singletons";
import type { Astrocyte } from "astrocyte";
import {
  AstrocyteRetriever,
  createMemoryTools,
  withLangChainTracing,
} from "astrocyte/adapters/langchain";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createBrain, RunRecorder } from "./support.js";

// Nothing here may import LangGraph, "langchain" or core's context, which switch ambient context on for the process.
let brain: Astrocyte;
let recorder: RunRecorder;
beforeAll(async () => {
  brain = await createBrain();
  await brain.retain("Ana is allergic to peanuts", { bankId: "b" });
});
beforeEach(() => {
  recorder = new RunRecorder();
});
afterAll(() => brain.close());

function parentOf(name: string): string | undefined {
  const [run] = recorder.named(name);
  return recorder.runs.find(({ id }) => id === run?.parentId)?.name;
}

it("runs where LangChain keeps no context", () => {
  expect(AsyncLocalStorageProviderSingleton.getInstance()).toBeInstanceOf(MockAsyncLocalStorage);
});

it("traces a retriever beneath the config that it is given", async () => {
  const retriever = new AstrocyteRetriever({ brain, mode: "reflect" });
  const step = RunnableLambda.from((query: string, config) =>
    retriever.invoke(query, config),
  ).withConfig({ runName: "step" });
  await step.invoke("allergic", { callbacks: [recorder], configurable: { bankId: "b" } });
  expect(parentOf("AstrocyteRetriever")).toBe("step");
  expect(parentOf("astrocyte.reflect")).toBe("AstrocyteRetriever");
});

it("traces tools beneath the config that they are given", async () => {
  const [recall] = createMemoryTools(brain, { bankId: "b", operations: ["recall"] });
  await recall?.invoke({ query: "allergic" }, { callbacks: [recorder] });
  expect(parentOf("astrocyte.recall")).toBe("memory_recall");
});

it("traces a brain beneath the config that it is given, and not without", async () => {
  const step = RunnableLambda.from(async (query: string, config) => {
    await withLangChainTracing(brain).recall(query, { bankId: "b" });
    return (await withLangChainTracing(brain, config).recall(query, { bankId: "b" })).hits.length;
  }).withConfig({ runName: "step" });
  expect(await step.invoke("allergic", { callbacks: [recorder] })).toBe(1);
  expect(recorder.named("astrocyte.recall")).toHaveLength(1);
  expect(parentOf("astrocyte.recall")).toBe("step");
});
