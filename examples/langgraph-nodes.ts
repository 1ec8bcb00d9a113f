/**
 * A graph of one's own with nodes for memory and a LangGraph store on the same brain, with streaming. Run it twice:
 *
 *     npx tsx --conditions=@astrocyte/source examples/langgraph-nodes.ts
 */
import { strict as assert } from "node:assert";
import { AstrocyteStore } from "astrocyte/graphs";
import { countersOf, createCountingGraph } from "./langgraph/nodes.js";
import { newThread, openStory, print, printStream, tellRestart } from "./langgraph/story.js";

const { brain, model } = await openStory("nodes");
const store = new AstrocyteStore({ brain });
const bankId = "user-mira";
const counters = countersOf(bankId);

const graph = createCountingGraph(brain, model, store);

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
