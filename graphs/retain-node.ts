import type { Astrocyte, RetainItem } from "astrocyte";
import { resolveBankId, type BankSelector, type NodeConfig } from "./bank-id.js";
import { lastHumanMessage, messageText, type MessagesState } from "./messages.js";

export interface RetainNodeOptions<State> {
  readonly brain: Astrocyte;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /**
   * What to keep of this turn. @defaultValue the last human message, once: never the model's answer, which may repeat recalled
   * memories as if the user had said them
   */
  readonly select?: ((state: State, config: NodeConfig) => readonly RetainItem[]) | undefined;
  /** Given to every memory of the default selection. */
  readonly tags?: readonly string[] | undefined;
}

function threadIdOf({ configurable }: NodeConfig): string | undefined {
  const threadId = configurable?.["thread_id"];
  return typeof threadId === "string" ? threadId : undefined;
}

/** A message that a resumed or retried graph sees again is recognised; an edited one is a new memory. */
function lastHumanItem(
  state: MessagesState,
  config: NodeConfig,
  tags: readonly string[] | undefined,
): RetainItem[] {
  const message = lastHumanMessage(state);
  const content = message === undefined ? "" : messageText(message);
  if (message === undefined || content.trim() === "") return [];
  const threadId = threadIdOf(config);
  return [
    {
      content,
      tags,
      metadata: { source: "langgraph", ...(threadId === undefined ? {} : { thread_id: threadId }) },
      idempotencyKey:
        message.id === undefined
          ? undefined
          : JSON.stringify([threadId ?? null, message.id, content]),
    },
  ];
}

/**
 * A graph node that retains what was said in this turn and leaves the state as it is.
 *
 * @throws InvalidArgumentError when neither the options nor the run name a bank.
 */
export function retainNode<State extends MessagesState>({
  brain,
  bankId,
  tags,
  select = (state, config) => lastHumanItem(state, config, tags),
}: RetainNodeOptions<State>): (state: State, config: NodeConfig) => Promise<Record<string, never>> {
  return async (state, config) => {
    const bank = resolveBankId(bankId, state, config);
    await brain.retainMany(select(state, config), { bankId: bank, signal: config.signal });
    return {};
  };
}
