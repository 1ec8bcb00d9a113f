/**
 * A supervisor and two agents: they share a bank that one of them only reads, and each has a bank of its own. Run it twice:
 *
 *     npx tsx --conditions=@astrocyte/source examples/langgraph-team.ts
 */
import { strict as assert } from "node:assert";
import { Command, MemorySaver, StateGraph } from "@langchain/langgraph";
import { createMemoryGraph, MemoryState } from "astrocyte/graphs";
import { newThread, openStory, print, printStream, tellRestart } from "./langgraph/story.js";

const team = "team-kitchen";
const all: ("read" | "write")[] = ["read", "write"];
const { brain, model } = await openStory("team", {
  access_control: { enabled: true },
  access_grants: [
    { bank_id: team, principal: "agent:buyer", permissions: all },
    { bank_id: team, principal: "agent:cook", permissions: ["read"] },
    { bank_id: "private-buyer", principal: "agent:buyer", permissions: all },
    { bank_id: "private-cook", principal: "agent:cook", permissions: all },
  ],
});
const checkpointer = new MemorySaver();
const isStatement = ({ text = "" }) => !text.endsWith("?");
const refused: string[] = [];

/** An agent that works on the shared bank, as far as its grants go, and puts up with a refusal. */
const member = (name: "buyer" | "cook") =>
  createMemoryGraph({
    brain,
    model,
    bankId: team,
    context: { principal: `agent:${name}` },
    filter: isStatement,
    onError: "continue",
    onFailure: (error) => void refused.push(`${name}: ${String(error)}`),
  });

const graph = new StateGraph(MemoryState)
  .addNode(
    "supervisor",
    ({ messages }) =>
      new Command({ goto: messages.at(-1)?.text.startsWith("Cook") === true ? "cook" : "buyer" }),
    { ends: ["buyer", "cook"] },
  )
  .addNode("buyer", member("buyer"))
  .addNode("cook", member("cook"))
  .addEdge("__start__", "supervisor")
  .compile({ checkpointer });

async function say(content: string, threadId: string): Promise<string> {
  print(`  Chef: ${content}`);
  const stream = await graph.stream(
    { messages: [{ role: "user", content }] },
    { configurable: { thread_id: threadId }, streamMode: "messages", subgraphs: true },
  );
  async function* messages() {
    for await (const [, chunk] of stream) yield chunk;
  }
  return printStream("Team", messages());
}

const buyer = { principal: "agent:buyer" };
const cook = { principal: "agent:cook" };
const known = await brain.recall("fish", { bankId: team, context: cook });
tellRestart(known.hits.length);
if (known.hits.length === 0) {
  print("first thread: the buyer tells the team");
  await say("Buyer, the fish comes from Tiago's boat.", newThread());
  await brain.retain("My supplier gives me a discount", {
    bankId: "private-buyer",
    context: buyer,
  });
}
print("second thread: the cook knows it, and cannot change it");
const answer = await say("Cook, where does the fish come from?", newThread());
assert.ok(answer.includes("Tiago"), "what one retained, the other recalls");
await say("Cook, the fish comes from nowhere.", newThread());
assert.match(refused.join("\n"), /cook: .*denied 'write' on bank 'team-kitchen'/);
const shared = await brain.recall("fish", { bankId: team, context: cook });
assert.equal(shared.hits.length, 1, "only the buyer's word is kept");
await assert.rejects(brain.recall("discount", { bankId: "private-buyer", context: cook }), {
  code: "ASTROCYTE_ACCESS_DENIED",
});
const own = await brain.recall("discount", { banks: [team, "private-buyer"], context: buyer });
assert.ok(own.hits.some(({ bankId }) => bankId === "private-buyer"));
await brain.close();
