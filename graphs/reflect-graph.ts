import { AIMessage } from "@langchain/core/messages";
import {
  Annotation,
  MessagesAnnotation,
  StateGraph,
  type BaseCheckpointSaver,
} from "@langchain/langgraph";
import { reflectNode, type Reflection, type ReflectNodeOptions } from "./reflect-node.js";

/** The messages, and the last answer with its sources. */
export const ReflectState = Annotation.Root({
  ...MessagesAnnotation.spec,
  reflection: Annotation<Reflection | null>({
    reducer: (_before, now) => now,
    default: () => null,
  }),
});

type State = typeof ReflectState.State;

export interface ReflectGraphOptions extends ReflectNodeOptions<State> {
  readonly checkpointer?: BaseCheckpointSaver | undefined;
  /** What is said when nothing could be answered. @defaultValue "I do not know." */
  readonly fallbackAnswer?: string | undefined;
}

/** A compiled graph that answers from memory alone, with the brain's model, and says so as a message. */
export function createReflectGraph({
  checkpointer,
  fallbackAnswer = "I do not know.",
  ...options
}: ReflectGraphOptions) {
  return new StateGraph(ReflectState)
    .addNode("reflect", reflectNode<State>(options))
    .addNode("answer", ({ reflection }) => ({
      messages: [new AIMessage(reflection?.answer ?? fallbackAnswer)],
    }))
    .addEdge("__start__", "reflect")
    .addEdge("reflect", "answer")
    .addEdge("answer", "__end__")
    .compile(checkpointer === undefined ? {} : { checkpointer });
}
