import type { Astrocyte, AstrocyteContext, RetainItem, RetainResult } from "astrocyte";
import { resolveBankId, type BankSelector, type NodeConfig } from "./bank-id.js";
import { callerOf } from "./caller.js";
import { lastHumanMessage, messageText, type MessageLike, type MessagesState } from "./messages.js";

export interface RetainNodeOptions<State> {
  readonly brain: Astrocyte;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /**
   * What to keep of this turn. @defaultValue the last human message, once: never the model's answer, which may repeat recalled
   * memories as if the user had said them
   */
  readonly select?: ((state: State, config: NodeConfig) => readonly RetainItem[]) | undefined;
  /** Whether the default selection keeps a message. @defaultValue keeps all */
  readonly filter?: ((message: MessageLike) => boolean) | undefined;
  /** Given to every memory of the default selection. */
  readonly tags?: readonly string[] | undefined;
  /** Who calls, where access is controlled. @defaultValue `context.principal`, else `configurable.principal` of the run */
  readonly context?: AstrocyteContext | undefined;
  /** Told what became of each selected item. */
  readonly onRetained?: ((results: readonly RetainResult[]) => void) | undefined;
}

function threadIdOf({ configurable }: NodeConfig): string | undefined {
  const threadId = configurable?.["thread_id"];
  return typeof threadId === "string" ? threadId : undefined;
}

/** A message that a resumed or retried graph sees again is recognised; an edited one is a new memory. */
function lastHumanItem(
  state: MessagesState,
  config: NodeConfig,
  { filter, tags }: Pick<RetainNodeOptions<never>, "filter" | "tags">,
): RetainItem[] {
  const message = lastHumanMessage(state);
  const content = message === undefined ? "" : messageText(message);
  if (message === undefined || content.trim() === "" || filter?.(message) === false) return [];
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
  filter,
  tags,
  onRetained,
  context,
  select = (state, config) => lastHumanItem(state, config, { filter, tags }),
}: RetainNodeOptions<State>): (
  state: State,
  config?: NodeConfig,
) => Promise<Record<string, never>> {
  return async (state, config = {}) => {
    const bank = resolveBankId(bankId, state, config);
    const items = select(state, config);
    if (items.length === 0) return {};
    const { signal } = config;
    const results = await brain.retainMany(items, {
      bankId: bank,
      context: context ?? callerOf(config),
      signal,
    });
    onRetained?.(results);
    return {};
  };
}
