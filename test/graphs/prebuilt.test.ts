import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { Command, MemorySaver, StateGraph, StateSchema, MessagesValue } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import {
  AstrocyteStore,
  createMaintenanceGraph,
  createMemoryGraph,
  createReflectGraph,
  recallNode,
} from "astrocyte/graphs";
import { createScriptedLLM, FakeClock } from "astrocyte/testing";
import { Pool } from "pg";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { createBrain } from "../astrocyte/brain.js";

const bankId = "user-1";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function postgresSaver(): Promise<PostgresSaver> {
  const db = await PGlite.create({ extensions: { vector } });
  const server = new PGLiteSocketServer({ db, port: 0, host: "127.0.0.1" });
  await server.start();
  const pool = new Pool({
    connectionString: `postgres://postgres@${server.getServerConn()}/postgres`,
    max: 1,
  });
  cleanups.push(
    () => db.close(),
    () => server.stop(),
    () => pool.end(),
  );
  const saver = new PostgresSaver(pool);
  await saver.setup();
  return saver;
}

describe("createMemoryGraph", () => {
  it.each([
    ["MemorySaver", async () => new MemorySaver()],
    ["PostgresSaver", postgresSaver],
  ])("remembers across threads, with a history of its own, beside a %s", async (_name, saver) => {
    const { brain } = createBrain();
    const model = fakeModel()
      .respond(new AIMessage("Noted."))
      .respond(new AIMessage("To peanuts."))
      .respond(new AIMessage("I said peanuts."));
    const checkpointer = await saver();
    const open = () =>
      createMemoryGraph({
        brain,
        model,
        systemPrompt: "Be brief.",
        checkpointer,
        store: new AstrocyteStore({ brain }),
      });
    const say = (content: string, threadId: string) =>
      open().invoke(
        { messages: [new HumanMessage(content)] },
        { configurable: { thread_id: threadId, bankId } },
      );
    await say("Ana is allergic to peanuts", "one");
    const { messages, memories } = await say("What is Ana allergic to?", "two");
    expect(memories[0]?.text).toBe("Ana is allergic to peanuts");
    expect(messages.map(({ text }) => text)).toEqual(["What is Ana allergic to?", "To peanuts."]);
    const asked = model.calls[1]?.messages ?? [];
    expect(asked[0]?.text).toBe("Be brief.");
    expect(asked.at(-1)?.text).toContain("Ana is allergic to peanuts");
    // Another graph on the same checkpoints: the state has survived their form.
    const { values } = await open().getState({ configurable: { thread_id: "two" } });
    expect(values.memories).toEqual(memories);
    expect((await say("What did you say?", "two")).messages).toHaveLength(4);
  });

  it("streams tokens of the model", async () => {
    const { brain } = createBrain();
    const model = fakeModel().respond(new AIMessage("Noted."));
    const graph = createMemoryGraph({ brain, model, bankId });
    const texts: string[] = [];
    const stream = await graph.stream(
      { messages: [new HumanMessage("hello")] },
      { streamMode: "messages" },
    );
    for await (const [message] of stream) texts.push(message.text);
    expect(texts).toContain("Noted.");
  });
});

describe("recallNode", () => {
  it("serves a StateSchema of one's own through selectors", async () => {
    const { brain } = createBrain();
    await brain.retain("Ana is allergic to peanuts", { bankId });
    const State = new StateSchema({
      messages: MessagesValue,
      topic: z.string(),
      memories: z.array(z.object({ text: z.string() })).default([]),
    });
    const graph = new StateGraph(State)
      .addNode("recall", (state, config) =>
        recallNode<typeof State.State>({ brain, bankId, query: ({ topic }) => topic })(
          state,
          config,
        ),
      )
      .addEdge("__start__", "recall")
      .compile();
    const { memories } = await graph.invoke({ messages: [], topic: "peanuts" });
    expect(memories).toMatchObject([{ text: "Ana is allergic to peanuts" }]);
  });
});

describe("createReflectGraph", () => {
  it("answers from memory as a message, with its sources in the state", async () => {
    const { brain } = createBrain({
      llm: createScriptedLLM({ responses: ["She avoids peanuts."] }),
    });
    await brain.retain("Ana is allergic to peanuts", { bankId });
    const graph = createReflectGraph({ brain, bankId, checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "one" } };
    const { messages, reflection } = await graph.invoke(
      { messages: [new HumanMessage("What does Ana avoid?")] },
      config,
    );
    expect(messages.at(-1)?.text).toBe("She avoids peanuts.");
    expect(reflection?.sources.map(({ text }) => text)).toEqual(["Ana is allergic to peanuts"]);
    expect((await graph.getState(config)).values.reflection).toEqual(reflection);
  });

  it("says that it does not know when it cannot reflect and may go on", async () => {
    const { brain } = createBrain();
    const graph = createReflectGraph({ brain, bankId, onError: "continue" });
    const { messages } = await graph.invoke({ messages: [new HumanMessage("What?")] });
    expect(messages.at(-1)?.text).toBe("I do not know.");
  });
});

async function createMaintained(review: boolean) {
  const clock = new FakeClock("2026-06-01T00:00:00Z");
  const { brain, vectorStore } = createBrain({ clock });
  const store = new AstrocyteStore({ brain, ttlMs: 1_000, clock });
  await store.put(["cache"], "k", { text: "short-lived" });
  await brain.retain("an old event", { bankId, occurredAt: "2026-01-01T00:00:00Z" });
  await brain.retain("a new event", { bankId, occurredAt: "2026-05-31T00:00:00Z" });
  await brain.retain("undated", { bankId });
  const graph = createMaintenanceGraph({
    brain,
    stores: [store],
    maxAgeMs: { [bankId]: 30 * 86_400_000 },
    clock,
    review,
    checkpointer: new MemorySaver(),
  });
  const texts = async () => (await vectorStore.listVectors({ bankId })).map(({ text }) => text);
  return { brain, clock, graph, texts };
}

describe("createMaintenanceGraph", () => {
  const config = { configurable: { thread_id: "one" } };

  it("waits for retains, sweeps expired items, and forgets what is too old", async () => {
    const { brain, clock, graph, texts } = await createMaintained(false);
    clock.advance(1_000);
    brain.retainLater([{ content: "still on its way" }], { bankId });
    expect(await graph.invoke({}, config)).toMatchObject({ swept: 1, forgotten: { [bankId]: 1 } });
    expect(await texts()).toHaveLength(3);
    expect(await texts()).not.toContain("an old event");
    expect(await graph.invoke({}, config)).toMatchObject({ swept: 0, forgotten: { [bankId]: 0 } });
  });

  it("asks before it forgets, and forgets no more than it asked for", async () => {
    const { clock, graph, texts } = await createMaintained(true);
    await graph.invoke({}, config);
    expect(await texts()).toHaveLength(3);
    // Meanwhile the new event grows old as well.
    clock.advance(60 * 86_400_000);
    const { forgotten } = await graph.invoke(new Command({ resume: "approve" }), config);
    expect(forgotten).toEqual({ [bankId]: 1 });
    expect(await texts()).not.toContain("an old event");
  });

  it("refuses an age that cannot be meant", () => {
    const { brain } = createBrain();
    expect(() => createMaintenanceGraph({ brain, maxAgeMs: { [bankId]: 0 } })).toThrow("maxAgeMs");
  });
});
