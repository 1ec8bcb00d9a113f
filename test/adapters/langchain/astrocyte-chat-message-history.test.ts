import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { ChatPromptTemplate, MessagesPlaceholder } from "@langchain/core/prompts";
import { RunnableWithMessageHistory } from "@langchain/core/runnables";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import type { VectorStore } from "astrocyte";
import { createSqliteStore, type SqliteStore } from "astrocyte/adapters/sqlite";
import { AstrocyteChatMessageHistory } from "astrocyte/adapters/langchain";
import { createInMemoryVectorStore, FakeClock } from "astrocyte/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
let store: SqliteStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-history-"));
  store = await createSqliteStore({ path: join(folder, "chat.db") });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function historyOf(sessionId: string, bankId = "chat"): AstrocyteChatMessageHistory {
  return new AstrocyteChatMessageHistory({ store, bankId, sessionId });
}

const turn = [
  new HumanMessage({ content: "What is the weather?", id: "m1" }),
  new AIMessage({
    content: "",
    tool_calls: [{ id: "c1", name: "weather", args: { city: "Porto" } }],
  }),
  new ToolMessage({ content: "sunny", tool_call_id: "c1", artifact: { lc: 1 } }),
  new AIMessage({ content: [{ type: "text", text: "Sunny." }] }),
];

it("gives back a session in order, also to another process", async () => {
  const history = historyOf("s1");
  await history.addMessages(turn);
  await history.addUserMessage("Thanks");
  await history.addAIMessage("Thanks");
  await store.close();
  store = await createSqliteStore({ path: join(folder, "chat.db") });
  const messages = await historyOf("s1").getMessages();
  expect(messages.map((message) => [message.type, message.text])).toEqual([
    ["human", "What is the weather?"],
    ["ai", ""],
    ["tool", "sunny"],
    ["ai", "Sunny."],
    ["human", "Thanks"],
    ["ai", "Thanks"],
  ]);
  expect(messages[0]?.id).toBe("m1");
  expect(messages[1]).toMatchObject({
    tool_calls: [{ id: "c1", name: "weather", args: { city: "Porto" } }],
  });
  expect(messages[2]).toMatchObject({ tool_call_id: "c1" });
});

it("keeps more messages than a page, and those of two writers", async () => {
  const [one, two] = [historyOf("s1"), historyOf("s1")];
  await Promise.all(
    Array.from({ length: 150 }, async (_, at) => {
      await one.addMessage(new HumanMessage(`one ${at}`));
      await two.addMessage(new HumanMessage(`two ${at}`));
    }),
  );
  const texts = (await one.getMessages()).map(({ text }) => text);
  expect(new Set(texts).size).toBe(300);
});

it("orders by its own count when the clock stands still or goes back", async () => {
  const clock = new FakeClock();
  const history = new AstrocyteChatMessageHistory({
    store: createInMemoryVectorStore(),
    bankId: "chat",
    sessionId: "s",
    clock,
  });
  for (const text of ["a", "b", "c"]) await history.addUserMessage(text);
  expect((await history.getMessages()).map(({ text }) => text)).toEqual(["a", "b", "c"]);
});

it("clears one session and leaves the others", async () => {
  await historyOf("s1").addMessages(turn);
  await historyOf("s2").addUserMessage("other session");
  await historyOf("s1", "other").addUserMessage("other bank");
  await historyOf("s1").clear();
  expect(await historyOf("s1").getMessages()).toEqual([]);
  expect(await historyOf("s2").getMessages()).toHaveLength(1);
  expect(await historyOf("s1", "other").getMessages()).toHaveLength(1);
  await historyOf("s1").clear();
});

it("serves a chain with a history", async () => {
  const prompt = ChatPromptTemplate.fromMessages([
    new MessagesPlaceholder("past"),
    ["human", "{input}"],
  ]);
  const chain = new RunnableWithMessageHistory({
    runnable: prompt.pipe(new FakeListChatModel({ responses: ["Hello", "Again"] })),
    getMessageHistory: (sessionId: string) => historyOf(sessionId),
    inputMessagesKey: "input",
    historyMessagesKey: "past",
  });
  const config = { configurable: { sessionId: "s1" } };
  await chain.invoke({ input: "Hi" }, config);
  await chain.invoke({ input: "Hi again" }, config);
  const texts = (await historyOf("s1").getMessages()).map(({ text }) => text);
  expect(texts).toEqual(["Hi", "Hello", "Hi again", "Again"]);
});

it("says which message cannot be read", async () => {
  await historyOf("s1").addUserMessage("x");
  const [item] = await store.listVectors({ bankId: "chat" });
  if (item === undefined) throw new Error("nothing was stored");
  await store.storeVectors([{ ...item, metadata: { ...item.metadata, _message: "{" } }]);
  await expect(historyOf("s1").getMessages()).rejects.toMatchObject({ code: "ASTROCYTE_STORAGE" });
});

it.each([
  ["no bank", { bankId: undefined }, "bank id"],
  ["no session", { sessionId: "" }, "sessionId"],
  ["no store", { store: {} }, "is not a VectorStore"],
])("needs its parts: %s", (_what, fields, reason) => {
  expect(
    () =>
      new AstrocyteChatMessageHistory({
        store,
        bankId: "chat",
        sessionId: "s",
        ...fields,
      } as never),
  ).toThrow(reason);
});

it.each(["supportsDelete", "supportsListing", "acceptsEmptyVectors"] as const)(
  "refuses a store without %s",
  (name) => {
    const memory = createInMemoryVectorStore();
    const poor: VectorStore = {
      ...memory,
      capabilities: { ...memory.capabilities, [name]: false },
    };
    expect(
      () => new AstrocyteChatMessageHistory({ store: poor, bankId: "chat", sessionId: "s" }),
    ).toThrow(name);
  },
);
