import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { Annotation, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import type { MemoryHit } from "astrocyte";
import { recallNode, retainNode, type RetainNodeOptions } from "astrocyte/graphs";
import { describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";

const State = Annotation.Root({
  ...MessagesAnnotation.spec,
  memories: Annotation<MemoryHit[]>({ reducer: (_before, now) => now, default: () => [] }),
});

function createGraph(
  options: Partial<RetainNodeOptions<typeof State.State>> = {},
  parts: Parameters<typeof createBrain>[0] = {},
) {
  const subject = createBrain(parts);
  const { brain } = subject;
  const checkpointer = new MemorySaver();
  const graph = new StateGraph(State)
    .addNode("recall", recallNode({ brain, maxResults: 3 }))
    .addNode("answer", ({ memories }) => ({
      messages: [new AIMessage(`I recall: ${memories.map(({ text }) => text).join("; ")}`)],
    }))
    .addNode("retain", retainNode({ brain, ...options }))
    .addEdge("__start__", "recall")
    .addEdge("recall", "answer")
    .addEdge("answer", "retain")
    .compile({ checkpointer });
  const say = (content: string, threadId: string, configurable: object = { bankId: "user-1" }) =>
    graph.invoke(
      { messages: [new HumanMessage(content)] },
      { configurable: { thread_id: threadId, ...configurable } },
    );
  return { ...subject, graph, say };
}

const grant = (principal: string) => ({
  bank_id: "user-1",
  principal,
  permissions: ["read" as const, "write" as const],
});

const delegated = (id: string) => ({
  bankId: "user-1",
  principal: "agent:helper",
  actor: { type: "agent", id: "helper" },
  onBehalfOf: { type: "user", id },
});

describe("recallNode and retainNode", () => {
  it("act for the one on whose behalf the principal acts, and no further", async () => {
    const { say } = createGraph(
      {},
      {
        config: {
          access_control: { enabled: true },
          access_grants: [grant("agent:helper"), grant("user:ana")],
        },
      },
    );
    await expect(say("hello", "one", delegated("bob"))).rejects.toMatchObject({
      code: "ASTROCYTE_ACCESS_DENIED",
    });
    await expect(say("hello", "one", delegated("ana"))).resolves.toHaveProperty("memories");
    await expect(
      say("hello", "one", { ...delegated("ana"), onBehalfOf: "ana" }),
    ).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });

  it("act for the principal of the run, where access is controlled", async () => {
    const { say } = createGraph(
      {},
      {
        config: {
          access_control: { enabled: true },
          access_grants: [
            { bank_id: "user-1", principal: "user:ana", permissions: ["read", "write"] },
          ],
        },
      },
    );
    const denied = { code: "ASTROCYTE_ACCESS_DENIED" };
    await expect(say("hello", "one")).rejects.toMatchObject(denied);
    await expect(
      say("hello", "one", { bankId: "user-1", principal: "user:bob" }),
    ).rejects.toMatchObject(denied);
    await expect(
      say("hello", "one", { bankId: "user-1", principal: "user:ana" }),
    ).resolves.toHaveProperty("memories");
  });

  it("remember across threads, and not across banks", async () => {
    const { say } = createGraph();
    await say("Ana is allergic to peanuts", "one");
    const { messages } = await say("Is Ana allergic to anything?", "two");
    expect(messages.at(-1)?.text).toContain("Ana is allergic to peanuts");
    const elsewhere = await say("Is Ana allergic to anything?", "three", { bankId: "user-2" });
    expect(elsewhere.messages.at(-1)?.text).toBe("I recall: ");
  });

  it("keep what the user said, never the answer", async () => {
    const { say, vectorStore } = createGraph();
    await say("Ana is allergic to peanuts", "one");
    await say("Thank you", "one");
    const texts = (await vectorStore.listVectors({ bankId: "user-1" })).map(({ text }) => text);
    expect(texts.toSorted()).toEqual(["Ana is allergic to peanuts", "Thank you"]);
  });

  it("recognise a message that a retried graph retains again", async () => {
    const { brain, vectorStore } = createBrain();
    const node = retainNode({ brain });
    const state = { messages: [new HumanMessage({ id: "m1", content: "hello" })] };
    const config = { configurable: { thread_id: "t", bankId: "user-1" } };
    await node(state, config);
    await node(state, config);
    expect(await vectorStore.listVectors({ bankId: "user-1" })).toHaveLength(1);
    await node({ messages: [new HumanMessage({ id: "m1", content: "hello, edited" })] }, config);
    expect(await vectorStore.listVectors({ bankId: "user-1" })).toHaveLength(2);
  });

  it("keep only what the filter lets through, and report it", async () => {
    const reported: boolean[] = [];
    const { say } = createGraph({
      filter: ({ content }) => content !== "skip me",
      onRetained: (results) => void reported.push(...results.map(({ stored }) => stored)),
    });
    await say("skip me", "one");
    await say("keep me", "one");
    expect(reported).toEqual([true]);
  });

  it("take the bank from context before configurable, and refuse to run without one", async () => {
    const { brain } = createBrain();
    await brain.retain("in context", { bankId: "from-context" });
    const node = recallNode({ brain });
    const state = { messages: [{ role: "user", content: "context" }] };
    const config = {
      context: { bankId: "from-context" },
      configurable: { bankId: "from-configurable" },
    };
    expect((await node(state, config)).memories).toHaveLength(1);
    await expect(node(state, {})).rejects.toMatchObject({ code: "ASTROCYTE_INVALID_ARGUMENT" });
    expect(
      (await recallNode({ brain, bankId: () => "from-context" })(state, {})).memories,
    ).toHaveLength(1);
  });

  it("recall nothing for a blank question", async () => {
    const { brain } = createBrain();
    expect(await recallNode({ brain, bankId: "b" })({ messages: [] }, {})).toEqual({
      memories: [],
    });
  });

  it("pass the run's signal on", async () => {
    const { brain } = createBrain();
    const reason = new Error("enough");
    const config = { configurable: { bankId: "b" }, signal: AbortSignal.abort(reason) };
    await expect(recallNode({ brain })({ messages: [new HumanMessage("x")] }, config)).rejects.toBe(
      reason,
    );
  });

  it("put into the state what a checkpoint gives back unchanged, also when metadata imitates LangChain's own form", async () => {
    const { brain, graph, say } = createGraph();
    await brain.retain("hostile peanuts", {
      bankId: "user-1",
      metadata: { lc: 2, type: "undefined", constructor: "x", id: "y" },
    });
    const { memories } = await say("peanuts?", "one");
    expect(memories[0]?.metadata).toMatchObject({ type: "undefined", constructor: "x", id: "y" });
    const checkpoint = await graph.getState({ configurable: { thread_id: "one" } });
    expect(checkpoint.values.memories).toEqual(memories);
    expect(memories).toEqual(JSON.parse(JSON.stringify(memories)));
  });
});
