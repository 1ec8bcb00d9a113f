/**
 * A person looks at what is to be forgotten: the graph stops, and goes on with the decision. Run it twice:
 *
 *     npx tsx --conditions=@astrocyte/source examples/langgraph-review.ts
 */
import { strict as assert } from "node:assert";
import { Command, INTERRUPT, isInterrupted } from "@langchain/langgraph";
import type { ForgetResult } from "astrocyte";
import type { ReviewRequest } from "astrocyte/graphs";
import { createReviewedGraph } from "./langgraph/review.js";
import { newThread, openStory, print, printStream, tellRestart } from "./langgraph/story.js";

const { brain, model } = await openStory("review");
const bankId = "user-mira";

const graph = createReviewedGraph(brain, model);

const configOf = (threadId: string) => ({ configurable: { thread_id: threadId, bankId } });

async function tell(content: string): Promise<void> {
  print(`  Mira: ${content}`);
  const stream = await graph.stream(
    { messages: [{ role: "user", content }] },
    { ...configOf(newThread()), streamMode: "messages" },
  );
  await printStream("Graph", stream);
}

/** Asks to forget, shows what the graph stops with, and decides. */
async function forget(
  content: string,
  decision: "approve" | "reject",
): Promise<ForgetResult | null> {
  print(`  Mira: ${content}`);
  const config = configOf(newThread());
  const asked: unknown = await graph.invoke({ messages: [{ role: "user", content }] }, config);
  assert.ok(isInterrupted<ReviewRequest>(asked), "the graph waits for a decision");
  for (const { reason, text } of asked[INTERRUPT][0]?.value?.items ?? []) {
    print(`  review: forget “${text}”? (${reason}) -> ${decision}`);
  }
  const { forgotten } = await graph.invoke(new Command({ resume: decision }), config);
  return forgotten;
}

const { hits } = await brain.recall("peanuts", { bankId });
tellRestart(hits.length);
if (hits.length === 0) await tell("Ana is allergic to peanuts.");
assert.equal(await forget("Forget the peanuts", "reject"), null);
assert.equal((await brain.recall("peanuts", { bankId })).hits.length, 1, "a no keeps it");
if (hits.length > 0) {
  const forgotten = await forget("Forget the peanuts", "approve");
  assert.equal(forgotten?.deletedCount, 1);
  assert.equal((await brain.recall("peanuts", { bankId })).hits.length, 0, "a yes forgets it");
}
await brain.close();
