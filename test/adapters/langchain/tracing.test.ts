import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { fakeModel } from "@langchain/core/testing";
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { Astrocyte } from "astrocyte";
import { AstrocyteRetriever, withLangChainTracing } from "astrocyte/adapters/langchain";
import { recallNode, retainNode } from "astrocyte/graphs";
import { createAgent } from "langchain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBrain, RunRecorder } from "./support.js";

let brain: Astrocyte;
let recorder: RunRecorder;
beforeEach(async () => {
  brain = await createBrain();
  recorder = new RunRecorder();
  await brain.retain("Ana is allergic to peanuts", { bankId: "b", metadata: { page: 1 } });
});
afterEach(() => brain.close());

function parentOf(name: string): string | undefined {
  const [run] = recorder.named(name);
  return recorder.runs.find(({ id }) => id === run?.parentId)?.name;
}

describe("operations as runs", () => {
  it("have inputs, outputs and tokens, and hold no caller", async () => {
    const model = fakeModel().respond(
      Object.assign(new AIMessage("Peanuts."), {
        usage_metadata: { input_tokens: 9, output_tokens: 2, total_tokens: 11 },
      }),
    );
    await using own = await Astrocyte.fromConfig(
      { vector_store: "in_memory", embedding_provider: "mock" },
      { providers: { llm: model } },
    );
    const traced = withLangChainTracing(own, { callbacks: [recorder] });
    const context = { principal: "user:ana" };
    await traced.retain("Ana is allergic to peanuts", { bankId: "b", tags: ["health"], context });
    await traced.retainMany([{ content: "Ana plays chess" }], { bankId: "b" });
    const { hits } = await traced.recall("allergic", { bankId: "b", context });
    await traced.reflect("What is Ana allergic to?", { bankId: "b" });
    await traced.forget({ bankId: "b", memoryIds: [hits[0]?.memoryId ?? ""] });
    expect(recorder.runs).toMatchObject([
      {
        kind: "chain",
        name: "astrocyte.retain",
        input: { content: "Ana is allergic to peanuts", bankId: "b", tags: ["health"] },
        output: { stored: true },
      },
      {
        kind: "chain",
        name: "astrocyte.retain",
        input: { items: [{ content: "Ana plays chess" }] },
        output: { results: [{ stored: true }] },
      },
      {
        kind: "retriever",
        name: "astrocyte.recall",
        input: "allergic",
        output: [{ pageContent: "Ana is allergic to peanuts", id: hits[0]?.memoryId }, {}],
      },
      {
        kind: "chain",
        name: "astrocyte.reflect",
        input: { query: "What is Ana allergic to?" },
        output: {
          answer: "Peanuts.",
          usage_metadata: { input_tokens: 9, output_tokens: 2, total_tokens: 11 },
        },
      },
      { kind: "llm", parentId: recorder.named("astrocyte.reflect")[0]?.id },
      { kind: "chain", name: "astrocyte.forget", output: { deletedCount: 1 } },
    ]);
    expect(JSON.stringify(recorder.runs)).not.toContain("user:ana");
  });

  it("end with the error that the call throws", async () => {
    const traced = withLangChainTracing(brain, { callbacks: [recorder] });
    const error: unknown = await traced
      .recall("x", { bankId: "no bank!" })
      .catch((reason: unknown) => reason);
    expect(recorder.runs).toMatchObject([{ name: "astrocyte.recall", error }]);
    const retriever = new AstrocyteRetriever({ brain, callbacks: [recorder] });
    await expect(retriever.invoke("x")).rejects.toMatchObject(
      recorder.named("AstrocyteRetriever")[0]?.error ?? {},
    );
  });

  it("are nothing without callbacks", async () => {
    const traced = withLangChainTracing(brain);
    const { hits } = await traced.recall("allergic", { bankId: "b" });
    expect(hits).toHaveLength(1);
  });

  it("leave the rest of the brain as it is", async () => {
    const traced = withLangChainTracing(brain);
    expect(traced).toBeInstanceOf(Astrocyte);
    expect((await traced.health()).healthy).toBe(true);
    expect(traced.mentalModels).toBe(brain.mentalModels);
    await traced.clearBank("b");
    expect((await traced.recall("allergic", { bankId: "b" })).hits).toEqual([]);
  });
});

describe("with ambient context", () => {
  it("nest under the lambda that calls them", async () => {
    const traced = withLangChainTracing(brain);
    const step = RunnableLambda.from(
      async (query: string) => (await traced.recall(query, { bankId: "b" })).hits.length,
    );
    expect(
      await step.withConfig({ runName: "step" }).invoke("allergic", { callbacks: [recorder] }),
    ).toBe(1);
    expect(parentOf("astrocyte.recall")).toBe("step");
  });

  it("nest under the nodes of a graph, also in streamEvents", async () => {
    const traced = withLangChainTracing(brain);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("recall", async (state, config) => {
        await recallNode({ brain: traced })(state, config);
        return {};
      })
      .addNode("retain", retainNode({ brain: traced }))
      .addEdge("__start__", "recall")
      .addEdge("recall", "retain")
      .compile();
    const input = { messages: [new HumanMessage("I am allergic to shrimps")] };
    const config = { configurable: { bankId: "b" } };
    await graph.invoke(input, { ...config, callbacks: [recorder] });
    expect(parentOf("astrocyte.recall")).toBe("recall");
    expect(parentOf("astrocyte.retain")).toBe("retain");
    const events: string[] = [];
    const outputs: string[] = [];
    for await (const { event, name, data } of graph.streamEvents(input, {
      ...config,
      version: "v2",
    })) {
      if (name.startsWith("astrocyte.")) events.push(`${event} ${name}`);
      if (event === "on_retriever_end") outputs.push(JSON.stringify(data.output));
    }
    expect(events).toEqual([
      "on_retriever_start astrocyte.recall",
      "on_retriever_end astrocyte.recall",
      "on_chain_start astrocyte.retain",
      "on_chain_end astrocyte.retain",
    ]);
    expect(outputs).toEqual([expect.stringContaining("peanuts")]);
  });

  it("show a retriever in the events of a chain", async () => {
    const chain = new AstrocyteRetriever({ brain }).pipe(
      RunnableLambda.from((documents) => documents.length),
    );
    const events: string[] = [];
    for await (const { event, name } of chain.streamEvents("allergic", {
      version: "v2",
      configurable: { bankId: "b" },
    })) {
      if (name === "AstrocyteRetriever") events.push(event);
    }
    expect(events).toEqual(["on_retriever_start", "on_retriever_end"]);
  });

  it("show a retriever beneath the agent that uses it as a tool", async () => {
    const search = new AstrocyteRetriever({ brain }).asTool();
    const model = fakeModel()
      .respondWithTools([{ name: "search_memory", args: { query: "allergic" }, id: "1" }])
      .respond(new AIMessage("Peanuts."));
    const agent = createAgent({ model, tools: [search] });
    const { messages } = await agent.invoke(
      { messages: [{ role: "user", content: "What am I allergic to?" }] },
      { configurable: { bankId: "b" }, callbacks: [recorder] },
    );
    const [answer] = messages.filter((message) => ToolMessage.isInstance(message));
    expect(answer?.text).toMatch(
      /^<memories>\n\[Memory 1].*: Ana is allergic to peanuts\n<\/memories>$/,
    );
    expect(recorder.named("AstrocyteRetriever")).toMatchObject([
      { kind: "retriever", parentId: expect.any(String) as unknown },
    ]);
  });
});
