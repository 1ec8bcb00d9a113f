import { strict as assert } from "node:assert";
import { HumanMessage } from "@langchain/core/messages";
import type { Astrocyte } from "astrocyte";
import { createAgent } from "./agent.js";
import type { Answerer } from "./answer.js";
import { announce, print, printHit, timed, type Figures } from "./report.js";

const bankId = "quickstart-mira";

/** What Mira says in the first thread. */
const turns = [
  "Hi, I'm Mira. I run a small seafood restaurant in Porto called Maré Alta.",
  "My daughter Ana is seven and she is allergic to peanuts.",
  "From next month the menu tasting moves from Tuesday to Thursday afternoon.",
  "Our fish comes from Tiago's boat; he never sails on Mondays.",
  "The health inspection of the kitchen is on 12 March 2027.",
  "I prefer short answers, and please use the metric system.",
];

/** What she asks in another thread, and the turn that holds the answer. */
const questions = [
  { question: "What must I keep away from Ana?", turn: 1 },
  { question: "On which day is the menu tasting?", turn: 2 },
  { question: "When will the kitchen be inspected?", turn: 4 },
];

async function showEarlierRun(brain: Astrocyte): Promise<number> {
  announce("loading the embedding model");
  const { hits } = await timed("load the model, recall", () =>
    brain.recall("What do you know about Mira?", { bankId, maxResults: 3 }),
  );
  if (hits.length === 0) {
    print("  Nothing yet: this is the first run. Run the command again to see it remember.");
  } else {
    print(
      `  This process (pid ${process.pid}) has just started, and remembers from an earlier one:`,
    );
    hits.forEach((hit, index) => printHit(hit, index + 1));
  }
  return hits.length;
}

/** Plays the conversation, asks from a second thread, and checks that the answers come from memory. */
export async function playStory(brain: Astrocyte, answerer: Answerer): Promise<Figures> {
  print(`  answers: ${answerer.name}`);
  print("\nBefore anything is said");
  const remembered = await showEarlierRun(brain);

  let retained = 0;
  let recognised = 0;
  let line = "";
  const agent = createAgent(brain, answerer, (results) => {
    for (const { stored, memoryId } of results) {
      if (stored) retained += 1;
      else recognised += 1;
      line = `${stored ? "retained  " : "recognised"}  ${memoryId}`;
    }
  });

  print("\nFirst thread: Mira talks");
  await timed("six turns", async () => {
    for (const [index, text] of turns.entries()) {
      await agent.invoke(
        // A fixed id, so that playing the same turn again is recognised.
        { messages: [new HumanMessage({ id: `turn-${index}`, content: text })] },
        { configurable: { thread_id: "first", bankId } },
      );
      print(`  ${line}  ${text}`);
    }
  });

  let found = 0;
  print("\nSecond thread: Mira asks; this thread has seen none of the turns above");
  for (const { question, turn } of questions) {
    print(`\n  Mira: ${question}`);
    const { messages, memories } = await timed("recall, answer, retain", () =>
      agent.invoke(
        { messages: [new HumanMessage({ id: question, content: question })] },
        { configurable: { thread_id: "second", bankId } },
      ),
    );
    memories.forEach((hit, index) => printHit(hit, index + 1));
    print(`  Agent: ${messages.at(-1)?.text ?? ""}`);
    if (memories.some(({ text }) => text === turns[turn])) found += 1;
  }
  assert.equal(found, questions.length, "every question must recall the turn that answers it");
  assert.equal(retained + recognised, turns.length, "every turn is stored once");
  print();
  return { retained, recognised, remembered, questions: questions.length, found };
}
