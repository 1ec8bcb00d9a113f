import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { Annotation, MemorySaver, StateGraph } from "@langchain/langgraph";
import type { Astrocyte, ForgetResult } from "astrocyte";
import { forgetNode, MemoryState, recallNode, retainNode } from "astrocyte/graphs";

const State = Annotation.Root({
  ...MemoryState.spec,
  forgotten: Annotation<ForgetResult | null>({
    reducer: (_before, now) => now,
    default: () => null,
  }),
});

/** A graph that stops before it forgets, until somebody decides; the bank is `configurable.bankId`. */
export function createReviewedGraph(brain: Astrocyte, model: BaseChatModel) {
  return new StateGraph(State)
    .addNode("recall", recallNode({ brain, maxResults: 1 }))
    .addNode(
      "forget",
      forgetNode({
        brain,
        select: ({ memories }: typeof State.State) => ({
          memoryIds: memories.flatMap(({ memoryId }) => memoryId ?? []),
        }),
        review: () => "the user asked to forget",
      }),
    )
    .addNode("model", async ({ messages }, config) => ({
      messages: [await model.invoke(messages, config)],
    }))
    .addNode("retain", retainNode({ brain }))
    .addConditionalEdges(
      "__start__",
      ({ messages }) => (messages.at(-1)?.text.startsWith("Forget") === true ? "recall" : "model"),
      ["recall", "model"],
    )
    .addEdge("recall", "forget")
    .addEdge("model", "retain")
    .compile({ checkpointer: new MemorySaver() });
}
