import { BaseMemory } from "@langchain/core/memory";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { Astrocyte, Metadata } from "astrocyte";
import { AstrocyteMemory, type AstrocyteMemoryFields } from "astrocyte/adapters/langchain";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createBrain } from "./support.js";

let brain: Astrocyte;
beforeEach(async () => {
  brain = await createBrain();
});
afterEach(() => brain.close());

function memoryOf(fields: Partial<AstrocyteMemoryFields> = {}): AstrocyteMemory {
  return new AstrocyteMemory({ brain, bankId: "b", ...fields });
}

it("keeps a turn as lines, and gives what fits the next input", async () => {
  const memory = memoryOf();
  expect(memory).toBeInstanceOf(BaseMemory);
  expect(memory.memoryKeys).toEqual(["memory"]);
  await memory.saveContext({ input: "I like tea" }, { output: "Noted" });
  expect(await memory.loadMemoryVariables({ input: "tea" })).toEqual({
    memory: "- input: I like tea output: Noted",
  });
  expect(await memory.search("tea")).toEqual([
    {
      text: "input: I like tea\noutput: Noted",
      score: expect.any(Number) as unknown,
      metadata: expect.objectContaining({ source: "langgraph", thread_id: "" }) as unknown,
      memoryId: expect.any(String) as unknown,
    },
  ]);
  expect((await brain.recall("tea", { bankId: "b", tags: ["langgraph"] })).hits).toHaveLength(1);
});

it("reads messages, and takes tags, thread and size", async () => {
  const memory = memoryOf({ memoryKey: "past", maxResults: 1 });
  await memory.saveContext(
    { input: new HumanMessage("I like tea") },
    { output: new AIMessage("Noted") },
    { threadId: "t1", tags: ["drink"] },
  );
  await memory.saveContext(
    { input: "I like rice" },
    { output: "Fine" },
    { threadId: "t1", tags: ["food"] },
  );
  const [tea] = await memory.search("like", { tags: ["drink"], threadId: "t1" });
  expect(tea).toMatchObject({
    text: "input: I like tea\noutput: Noted",
    metadata: { thread_id: "t1" },
  });
  expect(await memory.search("like", { maxResults: 2 })).toHaveLength(2);
  expect((await memory.loadMemoryVariables({ input: "like" }))["past"]?.split("\n")).toHaveLength(
    1,
  );
});

it("does nothing for want of text, and never keeps what was recalled", async () => {
  const memory = memoryOf();
  await memory.saveContext({}, {});
  await memory.saveContext({ input: " " }, { output: "" });
  expect(await memory.loadMemoryVariables({ input: " " })).toEqual({ memory: "" });
  expect(await memory.search("")).toEqual([]);
  await memory.saveContext(
    { input: "I like tea", memory: "- recalled before" },
    { output: "Noted" },
  );
  expect((await memory.search("recalled before")).map(({ text }) => text)).toEqual([
    "input: I like tea\noutput: Noted",
  ]);
});

it("takes the bank of the thread, else its own", async () => {
  const threadToBank = { monday: "mon", tuesday: "tue" };
  const memory = memoryOf({ threadToBank });
  await memory.saveContext({ input: "tea on monday" }, {}, { threadId: "monday" });
  await memory.saveContext({ input: "tea somewhere" }, {}, { threadId: "constructor" });
  expect(await memory.search("tea", { threadId: "tuesday" })).toEqual([]);
  expect(await memory.search("tea", { threadId: "monday" })).toMatchObject([
    { text: "input: tea on monday" },
  ]);
  expect(await memory.search("tea", { threadId: "__proto__" })).toMatchObject([
    { text: "input: tea somewhere" },
  ]);
  const bound = memoryOf({ threadToBank, threadId: "monday" });
  expect(await bound.loadMemoryVariables({ input: "tea" })).toEqual({
    memory: "- input: tea on monday",
  });
});

it("reports a turn that was not stored, and throws what a policy throws", async () => {
  const warnings: [string, Metadata | undefined][] = [];
  const memory = memoryOf({ logger: { warn: (event, data) => void warnings.push([event, data]) } });
  await memory.saveContext({ input: "I like tea" }, {});
  await memory.saveContext({ input: "I like tea" }, {});
  expect(warnings).toEqual([["langchain.memory.not_stored", { bankId: "b", deduplicated: true }]]);
  await expect(
    memoryOf({ bankId: "bad bank" }).saveContext({ input: "x" }, {}),
  ).rejects.toMatchObject({ code: "ASTROCYTE_CONFIG" });
});

it("passes the caller on", async () => {
  await brain.close();
  brain = await createBrain({ access_control: { enabled: true, default_policy: "deny" } });
  brain.setAccessGrants([{ bankId: "b", principal: "user:ana", permissions: ["read", "write"] }]);
  await memoryOf({ context: { principal: "user:ana" } }).saveContext({ input: "I like tea" }, {});
  await expect(memoryOf().search("tea")).rejects.toMatchObject({ code: "ASTROCYTE_ACCESS_DENIED" });
});

it("needs a brain and a bank", () => {
  expect(() => new AstrocyteMemory({ brain: {}, bankId: "b" } as never)).toThrow(
    "brain: expected an Astrocyte",
  );
  expect(() => new AstrocyteMemory({ brain } as never)).toThrow("there is no default bank");
});
