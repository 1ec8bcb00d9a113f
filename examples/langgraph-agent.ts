/**
 * An agent of `createAgent` that remembers through middleware, with streaming. Run it twice:
 *
 *     npx tsx --conditions=@astrocyte/source examples/langgraph-agent.ts
 */
import { strict as assert } from "node:assert";
import { createFamilyAgent } from "./langgraph/agent.js";
import { newThread, openStory, print, printStream, tellRestart } from "./langgraph/story.js";

const { brain, model } = await openStory("agent");
const bankId = "user-mira";
const fact = "My daughter Ana is allergic to peanuts.";
const question = "What is Ana allergic to?";

const agent = createFamilyAgent(brain, model);

async function say(content: string, threadId: string): Promise<string> {
  print(`  Mira: ${content}`);
  const stream = await agent.stream(
    { messages: [{ role: "user", content }] },
    { configurable: { thread_id: threadId }, context: { bankId }, streamMode: "messages" },
  );
  return printStream("Agent", stream);
}

const { hits } = await brain.recall("Ana", { bankId });
tellRestart(hits.length);
if (hits.length === 0) {
  print("first thread");
  await say(fact, newThread());
}
print("second thread");
const answer = await say(question, newThread());
assert.ok(answer.includes("peanuts"), "the answer comes from the other thread");
assert.equal((await brain.recall("Ana", { bankId })).hits.length, 1, "the question is not kept");
await brain.close();
