/**
 * A supervisor and two agents: they share a bank that one of them only reads, and each has a bank of its own. Run it twice:
 *
 *     npx tsx --conditions=@astrocyte/source examples/langgraph-team.ts
 */
import { strict as assert } from "node:assert";
import { newThread, openStory, print, printStream, tellRestart } from "./langgraph/story.js";
import { createTeam, teamBank } from "./langgraph/team.js";

const all: ("read" | "write")[] = ["read", "write"];
const { brain, model } = await openStory("team", {
  access_control: { enabled: true },
  access_grants: [
    { bank_id: teamBank, principal: "agent:buyer", permissions: all },
    { bank_id: teamBank, principal: "agent:cook", permissions: ["read"] },
    { bank_id: "private-buyer", principal: "agent:buyer", permissions: all },
    { bank_id: "private-cook", principal: "agent:cook", permissions: all },
  ],
});
const refused: string[] = [];
const graph = createTeam(brain, model, (refusal) => void refused.push(refusal));

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
const known = await brain.recall("fish", { bankId: teamBank, context: cook });
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
const shared = await brain.recall("fish", { bankId: teamBank, context: cook });
assert.equal(shared.hits.length, 1, "only the buyer's word is kept");
await assert.rejects(brain.recall("discount", { bankId: "private-buyer", context: cook }), {
  code: "ASTROCYTE_ACCESS_DENIED",
});
const own = await brain.recall("discount", { banks: [teamBank, "private-buyer"], context: buyer });
assert.ok(own.hits.some(({ bankId }) => bankId === "private-buyer"));
await brain.close();
