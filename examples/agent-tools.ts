/**
 * An agent that decides itself what to remember and what to look up, with memory tools in LangChain's `createAgent`. With
 * OPENAI_API_KEY (and OPENAI_BASE_URL, OPENAI_MODEL) a model decides, else a rule does:
 *
 *     npx tsx examples/agent-tools.ts
 */
import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { ToolMessage } from "@langchain/core/messages";
import { Astrocyte } from "astrocyte";
import { createMemoryTools } from "astrocyte/adapters/langchain";
import { createAgent } from "langchain";
import { createChatModel } from "./langchain/create-chat-model.js";

await using brain = await Astrocyte.fromConfig(
  fileURLToPath(new URL("astrocyte.yaml", import.meta.url)),
);

// The bank of every call comes from the run, so that one agent serves everybody; the model can name none.
const agent = createAgent({
  model: createChatModel(process.env),
  tools: createMemoryTools(brain, { operations: ["retain", "recall"] }),
  systemPrompt:
    "You have long-term memory. Store every fact that the user tells with memory_retain. " +
    "Before you answer a question, look it up with memory_recall.",
});

/** One conversation of one turn: what was said before is only in memory. */
async function say(bankId: string, content: string) {
  const { messages } = await agent.invoke(
    { messages: [{ role: "user", content }] },
    { configurable: { bankId } },
  );
  const tools = messages.filter((message) => ToolMessage.isInstance(message));
  const answer = messages.at(-1)?.text ?? "";
  console.log(`${bankId}: ${content}\n  ${tools.map(({ name }) => name).join(", ")}: ${answer}`);
  return { answer, looked: tools.map(({ text }) => text).join("\n") };
}

await say("agent-mira", "My daughter Ana is allergic to peanuts.");
await say("agent-otto", "My cat is called Schnurr.");

const mira = await say("agent-mira", "What is Ana allergic to?");
assert.match(mira.looked, /allergic to peanuts/, "the agent must look it up in Mira's memory");
assert.notEqual(mira.answer.trim(), "", "there must be an answer");

const otto = await say("agent-otto", "What is Ana allergic to?");
assert.doesNotMatch(otto.looked, /peanuts/, "Otto's agent must know nothing of Mira");
console.log("turns=4");
