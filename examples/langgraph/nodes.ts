import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { MemorySaver, StateGraph, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { formatMemories, type Astrocyte } from "astrocyte";
import { MemoryState, recallNode, retainNode, type AstrocyteStore } from "astrocyte/graphs";

/** Where the store counts the turns of a user. */
export function countersOf(bankId: string): string[] {
  return ["counters", bankId];
}

/** A graph with nodes for memory, and a node that counts turns in the store; the bank is `configurable.bankId`. */
export function createCountingGraph(brain: Astrocyte, model: BaseChatModel, store: AstrocyteStore) {
  return new StateGraph(MemoryState)
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
    .addNode("count", async (_state, { store: items, configurable }: LangGraphRunnableConfig) => {
      const counters = countersOf(String(configurable?.["bankId"]));
      const turns = Number((await items?.get(counters, "turns"))?.value["count"] ?? 0);
      await items?.put(counters, "turns", { count: turns + 1 }, false);
      return {};
    })
    .addEdge("__start__", "recall")
    .addEdge("recall", "model")
    .addEdge("model", "retain")
    .addEdge("retain", "count")
    .compile({ checkpointer: new MemorySaver(), store });
}
