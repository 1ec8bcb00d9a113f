import { AIMessage, HumanMessage } from "@langchain/core/messages";
import {
  Annotation,
  Command,
  isInterrupted,
  INTERRUPT,
  MemorySaver,
  MessagesAnnotation,
  StateGraph,
} from "@langchain/langgraph";
import type { ForgetResult, MemoryHit } from "astrocyte";
import { forgetNode, recallNode, retainNode } from "astrocyte/graphs";
import { describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";

const State = Annotation.Root({
  ...MessagesAnnotation.spec,
  memories: Annotation<MemoryHit[]>({ reducer: (_before, now) => now, default: () => [] }),
  forgotten: Annotation<ForgetResult | null>({
    reducer: (_before, now) => now,
    default: () => null,
  }),
  retainedUpTo: Annotation<string | undefined>(),
});

const bankId = "user-1";

const config = (threadId: string) => ({ configurable: { thread_id: threadId, bankId } });

function createGraph() {
  const subject = createBrain();
  const { brain } = subject;
  const graph = new StateGraph(State)
    .addNode("recall", recallNode({ brain, maxResults: 1 }))
    .addNode(
      "forget",
      forgetNode({
        brain,
        select: ({ memories }: typeof State.State) => ({
          memoryIds: memories.flatMap(({ memoryId }) => memoryId ?? []),
        }),
        review: () => "somebody asked for it",
      }),
    )
    .addNode(
      "retain",
      retainNode({
        brain,
        select: "new",
        review: ({ content }) => (content.includes("salary") ? "pay" : undefined),
      }),
    )
    .addConditionalEdges("__start__", ({ messages }) =>
      messages.at(-1)?.text.startsWith("Forget") === true ? "recall" : "retain",
    )
    .addEdge("recall", "forget")
    .compile({ checkpointer: new MemorySaver() });
  const say = (content: string, threadId = "one") =>
    graph.invoke({ messages: [new HumanMessage(content)] }, config(threadId));
  const decide = (resume: unknown, threadId = "one") =>
    graph.invoke(new Command({ resume }), config(threadId));
  const texts = async () =>
    (await subject.vectorStore.listVectors({ bankId })).map(({ text }) => text).toSorted();
  return { ...subject, say, decide, texts };
}

describe("a review", () => {
  it("shows what would be forgotten, and forgets it only when approved", async () => {
    const { say, decide, texts } = createGraph();
    await say("Ana is allergic to peanuts");
    const asked: unknown = await say("Forget the peanuts", "two");
    if (!isInterrupted(asked)) throw new Error("not interrupted");
    expect(asked[INTERRUPT][0]?.value).toMatchObject({
      type: "astrocyte.review",
      operation: "forget",
      bankId,
      items: [{ reason: "somebody asked for it", text: "Ana is allergic to peanuts" }],
    });
    expect(await texts()).toHaveLength(1);
    expect((await decide("reject", "two")).forgotten).toBeNull();
    expect(await texts()).toHaveLength(1);
    await say("Forget the peanuts", "three");
    const { forgotten } = await decide({ decision: "approve" }, "three");
    expect(forgotten).toMatchObject({ deletedCount: 1, receipt: { verified: true } });
    expect(await texts()).toEqual([]);
  });

  it("does nothing for an answer that is no decision, and can be decided afterwards", async () => {
    const { say, decide, texts } = createGraph();
    await say("Ana is allergic to peanuts");
    await say("Forget the peanuts", "two");
    await expect(decide("maybe", "two")).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
    expect(await texts()).toHaveLength(1);
  });

  it("keeps what nobody has to look at, and leaves out what is rejected", async () => {
    const { say, decide, texts } = createGraph();
    await say("My salary is a secret");
    expect(await texts()).toEqual([]);
    await decide("reject");
    expect(await texts()).toEqual([]);
    await say("Ana lives in Porto");
    expect(await texts()).toEqual(["Ana lives in Porto"]);
    await say("My salary is high", "two");
    await decide("approve", "two");
    expect(await texts()).toEqual(["Ana lives in Porto", "My salary is high"]);
  });
});

describe("retainNode", () => {
  it("keeps a turn without what the answer repeats of memories", async () => {
    const { brain, vectorStore } = createBrain();
    const node = retainNode({ brain, bankId, select: "turn" });
    const memories: MemoryHit[] = [{ text: "Ana is allergic to peanuts.", score: 1 }];
    await node({
      memories,
      messages: [
        new HumanMessage({ id: "1", content: "What may Ana eat?" }),
        new AIMessage({
          id: "2",
          content: "You told me: Ana is allergic to peanuts! I suggest a rice dish.",
        }),
      ],
    });
    const stored = await vectorStore.listVectors({ bankId });
    expect(stored.map(({ text, metadata }) => `${metadata?.["role"]}: ${text}`).toSorted()).toEqual(
      ["assistant: I suggest a rice dish.", "user: What may Ana eat?"],
    );
  });

  it("never keeps a message that carries memories, nor a block of them", async () => {
    const { brain, vectorStore } = createBrain();
    const node = retainNode({ brain, bankId, select: "new" });
    await node({
      messages: [
        new HumanMessage({
          content: "Ana is allergic",
          additional_kwargs: { astrocyte: "recalled" },
        }),
        new HumanMessage("<memories>\n[Memory 1]: Ana is allergic\n</memories>\n\nHello"),
      ],
    });
    expect((await vectorStore.listVectors({ bankId })).map(({ text }) => text)).toEqual(["Hello"]);
  });

  it("keeps everything new once, and does not bring back what was forgotten", async () => {
    const { brain, vectorStore } = createBrain();
    const graph = new StateGraph(State)
      .addNode("answer", () => ({ messages: [new AIMessage("Noted, thank you")] }))
      .addNode("retain", retainNode({ brain, bankId, select: "new" }))
      .addEdge("__start__", "answer")
      .addEdge("answer", "retain")
      .compile({ checkpointer: new MemorySaver() });
    const texts = async () =>
      (await vectorStore.listVectors({ bankId })).map(({ text }) => text).toSorted();
    await graph.invoke(
      { messages: [new HumanMessage("first"), new HumanMessage("second")] },
      config("one"),
    );
    expect(await texts()).toEqual(["Noted, thank you", "first", "second"]);
    await brain.clearBank(bankId);
    await graph.invoke({ messages: [new HumanMessage("third")] }, config("one"));
    expect(await texts()).toEqual(["Noted, thank you", "third"]);
  });

  it("goes on while memories are stored, which flush waits for", async () => {
    const { brain, vectorStore } = createBrain();
    const told: boolean[] = [];
    const node = retainNode({
      brain,
      bankId,
      background: true,
      onRetained: (results) => void told.push(...results.map(({ stored }) => stored)),
    });
    await node({ messages: [new HumanMessage("hello")] });
    expect(told).toEqual([]);
    await brain.flush();
    expect(told).toEqual([true]);
    expect(await vectorStore.listVectors({ bankId })).toHaveLength(1);
  });

  it("stores what was left for later while the brain closes, and tells a failure", async () => {
    const { brain, vectorStore, warnings } = createBrain();
    const node = retainNode({ brain, bankId, background: true });
    await node({ messages: [new HumanMessage("hello")] });
    await brain.close();
    expect(await vectorStore.listVectors({ bankId })).toHaveLength(1);

    const failing = createBrain();
    const failures: unknown[] = [];
    failing.vectorStore.storeVectors = async () => {
      throw new Error("the disk is full");
    };
    const later = retainNode({
      brain: failing.brain,
      bankId,
      background: true,
      onFailure: (error) => void failures.push(error),
    });
    await later({ messages: [new HumanMessage("hello")] });
    await failing.brain.flush();
    expect(failures).toHaveLength(1);
    expect(failing.warnings).toContain("astrocyte.retain.background_failed");
    expect(warnings).toEqual([]);
  });
});

describe("a node whose memory fails", () => {
  it("throws, or lets the graph go on; an abort always throws", async () => {
    const { brain } = createBrain();
    await brain.close();
    const state = { messages: [new HumanMessage("hello")] };
    const closed = { code: "ASTROCYTE_CLOSED" };
    const failures: unknown[] = [];
    const onFailure = (error: unknown) => void failures.push(error);
    await expect(recallNode({ brain, bankId, onFailure })(state)).rejects.toMatchObject(closed);
    const goOn = { brain, bankId, onError: "continue", onFailure } as const;
    expect(await recallNode(goOn)(state)).toEqual({ memories: [] });
    expect(await retainNode(goOn)(state)).toEqual({});
    expect(await forgetNode({ ...goOn, select: () => ({ scope: "all" as const }) })({})).toEqual({
      forgotten: null,
    });
    expect(failures).toHaveLength(4);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(recallNode(goOn)(state, { signal })).rejects.toThrow("enough");
    await expect(recallNode({ brain, onError: "continue" })(state)).rejects.toMatchObject({
      code: "ASTROCYTE_INVALID_ARGUMENT",
    });
  });
});
