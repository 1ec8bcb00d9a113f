import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { Command, MemorySaver, StateGraph } from "@langchain/langgraph";
import type { Astrocyte } from "astrocyte";
import { createMemoryGraph, MemoryState } from "astrocyte/graphs";

/** The bank that all of the team read. */
export const teamBank = "team-kitchen";

/** A supervisor who hands each message to one of two agents; grants decide what each may do with the shared bank. */
export function createTeam(
  brain: Astrocyte,
  model: BaseChatModel,
  onRefused: (refusal: string) => void,
) {
  /** An agent that works on the shared bank, as far as its grants go, and puts up with a refusal. */
  const member = (name: "buyer" | "cook") =>
    createMemoryGraph({
      brain,
      model,
      bankId: teamBank,
      context: { principal: `agent:${name}` },
      filter: ({ text = "" }) => !text.endsWith("?"),
      onError: "continue",
      onFailure: (error) => onRefused(`${name}: ${String(error)}`),
    });

  return new StateGraph(MemoryState)
    .addNode(
      "supervisor",
      ({ messages }) =>
        new Command({ goto: messages.at(-1)?.text.startsWith("Cook") === true ? "cook" : "buyer" }),
      { ends: ["buyer", "cook"] },
    )
    .addNode("buyer", member("buyer"))
    .addNode("cook", member("cook"))
    .addEdge("__start__", "supervisor")
    .compile({ checkpointer: new MemorySaver() });
}
