import { SystemMessage, type BaseMessage } from "@langchain/core/messages";
import {
  Annotation,
  MessagesAnnotation,
  StateGraph,
  type BaseCheckpointSaver,
  type BaseStore,
  type LangGraphRunnableConfig,
} from "@langchain/langgraph";
import type { Astrocyte, MemoryHit, TokenCounter } from "astrocyte";
import { heuristicTokenCount } from "astrocyte/policy";
import type { BankSelector } from "./bank-id.js";
import type { CallerSelector } from "./caller.js";
import type { FailureOptions } from "./failure.js";
import { memoryBlock, withBlock } from "./inject.js";
import { recallNode } from "./recall-node.js";
import { retainNode, type RetainNodeOptions } from "./retain-node.js";

/** The state of graphs with memory: the messages, what was recalled in this turn, and how far a retain has come. */
export const MemoryState = Annotation.Root({
  ...MessagesAnnotation.spec,
  memories: Annotation<MemoryHit[]>({ reducer: (_before, now) => now, default: () => [] }),
  retainedUpTo: Annotation<string | undefined>(),
});

type State = typeof MemoryState.State;

/** A chat model, or anything that answers messages with one. */
export interface ModelLike {
  invoke(messages: BaseMessage[], config?: LangGraphRunnableConfig): Promise<BaseMessage>;
}

export interface MemoryGraphOptions
  extends
    FailureOptions,
    Pick<
      RetainNodeOptions<State>,
      "select" | "filter" | "tags" | "review" | "background" | "onRetained"
    > {
  readonly brain: Astrocyte;
  readonly model: ModelLike;
  readonly systemPrompt?: string | undefined;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /** Who calls, where access is controlled. @defaultValue `principal` and `tenantId` of the run */
  readonly context?: CallerSelector<State> | undefined;
  /** Most memories before the model. @defaultValue 8 */
  readonly maxResults?: number | undefined;
  /** Most tokens of the block with memories. @defaultValue 1500 */
  readonly maxTokens?: number | undefined;
  /** @defaultValue an estimate from the characters */
  readonly countTokens?: TokenCounter | undefined;
  readonly checkpointer?: BaseCheckpointSaver | undefined;
  readonly store?: BaseStore | undefined;
}

/** Asks the model, with the memories in front of the last human words, where the history does not keep them. */
function modelNode({
  model,
  systemPrompt,
  maxTokens = 1500,
  countTokens = heuristicTokenCount,
}: MemoryGraphOptions) {
  return async ({ messages, memories }: State, config: LangGraphRunnableConfig) => {
    const block = memoryBlock(memories, maxTokens, countTokens);
    const told = block === undefined ? messages : withBlock(messages, block);
    const system = systemPrompt === undefined ? [] : [new SystemMessage(systemPrompt)];
    return { messages: [await model.invoke([...system, ...told], config)] };
  };
}

/** A compiled graph that recalls, asks the model, and retains. */
export function createMemoryGraph(options: MemoryGraphOptions) {
  const { brain, bankId, context, maxResults = 8, maxTokens = 1500, onError, onFailure } = options;
  const { select, filter, tags, review, background, onRetained, checkpointer, store } = options;
  const shared = { brain, bankId, context, onError, onFailure };
  return new StateGraph(MemoryState)
    .addNode("recall", recallNode<State>({ ...shared, maxResults, maxTokens }))
    .addNode("model", modelNode(options))
    .addNode(
      "retain",
      retainNode<State>({ ...shared, select, filter, tags, review, background, onRetained }),
    )
    .addEdge("__start__", "recall")
    .addEdge("recall", "model")
    .addEdge("model", "retain")
    .addEdge("retain", "__end__")
    .compile({
      ...(checkpointer === undefined ? {} : { checkpointer }),
      ...(store === undefined ? {} : { store }),
    });
}
