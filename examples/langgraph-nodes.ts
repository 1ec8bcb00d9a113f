/**
 * A graph of one's own with nodes for memory and a LangGraph store on the same brain, with streaming. Run it twice:
 *
 *     npx tsx --conditions=@astrocyte/source examples/langgraph-nodes.ts
 */
import { strict as assert } from "node:assert";
import { MemorySaver, StateGraph, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { formatMemories } from "astrocyte";
import { AstrocyteStore, MemoryState, recallNode, retainNode } from "astrocyte/graphs";
import { newThread, openStory, print, printStream, tellRestart } from "./langgraph/story.js";

const { brain, model } = await openStory("nodes");
const store = new AstrocyteStore({ brain });
const bankId = "user-mira";
const counters = ["counters", bankId];

const graph = new StateGraph(MemoryState)
  .addNode("recall", recallNode({ brain, maxResults: 3 }))
  .addNode("model", async ({ messages, memories }, config) => {
    const known =
      memories.length === 0 ? [] : [{ role: "system", content: formatMemories(memories) }];
    return { messages: [await model.invoke([...known, ...messages], config)] };
  })
  .addNode(
    "retain",
    retainNode({
      brain,
      background: true,
      filter: ({ text = "" }) => !text.endsWith("?"),
    }),
  )
  .addNode("count", async (_state, { store: items }: LangGraphRunnableConfig) => {
    const turns = Number((await items?.get(counters, "turns"))?.value["count"] ?? 0);
    await items?.put(counters, "turns", { count: turns + 1 }, false);
    return {};
  })
  .addEdge("__start__", "recall")
  .addEdge("recall", "model")
  .addEdge("model", "retain")
  .addEdge("retain", "count")
  .compile({ checkpointer: new MemorySaver(), store });

async function say(content: string, threadId: string): Promise<string> {
  print(`  Mira: ${content}`);
  const stream = await graph.stream(
    { messages: [{ role: "user", content }] },
    { configurable: { thread_id: threadId, bankId }, streamMode: "messages" },
  );
  return printStream("Graph", stream);
}

const before = Number((await store.get(counters, "turns"))?.value["count"] ?? 0);
tellRestart(before);
if (before === 0) {
  print("first thread");
  await say("The menu tasting moves to Thursday afternoon.", newThread());
  await brain.flush();
}
print("second thread");
const answer = await say("When is the menu tasting?", newThread());
assert.ok(answer.includes("Thursday"), "the answer comes from the other thread");
const after = await store.get(counters, "turns");
assert.equal(after?.value["count"], before === 0 ? 2 : before + 1, "the store counts every turn");
await brain.close();
