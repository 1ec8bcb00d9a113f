import { Annotation, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import type { Astrocyte, MemoryHit, RetainResult } from "astrocyte";
import { messageText, recallNode, retainNode, type MessageLike } from "astrocyte/graphs";
import type { Answerer } from "./answer.js";

const AgentState = Annotation.Root({
  ...MessagesAnnotation.spec,
  memories: Annotation<MemoryHit[]>({ reducer: (_before, now) => now, default: () => [] }),
});

/** A question tells nothing worth keeping; kept, it would be the best match for itself. */
function isStatement(message: MessageLike): boolean {
  return !messageText(message).trim().endsWith("?");
}

/** recall -> answer -> retain, with a checkpointer; the bank comes from `configurable.bankId` of each run. */
export function createAgent(
  brain: Astrocyte,
  answerer: Answerer,
  onRetained: (results: readonly RetainResult[]) => void,
) {
  return new StateGraph(AgentState)
    .addNode("recall", recallNode({ brain, maxResults: 5 }))
    .addNode("answer", async ({ messages, memories }) => ({
      messages: [await answerer.answer(messages, memories)],
    }))
    .addNode("retain", retainNode({ brain, filter: isStatement, tags: ["quickstart"], onRetained }))
    .addEdge("__start__", "recall")
    .addEdge("recall", "answer")
    .addEdge("answer", "retain")
    .addEdge("retain", "__end__")
    .compile({ checkpointer: new MemorySaver() });
}
