import type { Astrocyte, MemoryHit, RetainItem, RetainResult } from "astrocyte";
import { resolveBankId, type BankSelector, type NodeConfig } from "./bank-id.js";
import { resolveCaller, type CallerSelector } from "./caller.js";
import { orContinue, type FailureOptions } from "./failure.js";
import type { MessageLike, MessagesState } from "./messages.js";
import { askReview, type RetainPolicy } from "./review.js";
import { itemsOfTurn, type TurnSelection } from "./turn.js";

export interface RetainNodeOptions<State> extends FailureOptions {
  readonly brain: Astrocyte;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /** Who calls, where access is controlled. @defaultValue `principal` and `tenantId` of the run */
  readonly context?: CallerSelector<State> | undefined;
  /**
   * What to keep: `human`, what the user said last; `turn`, that and the answer, without what it repeats of memories; `new`, all
   * that was said since the last retain, for which the state needs a `retainedUpTo`; or a function. @defaultValue "human"
   */
  readonly select?:
    | TurnSelection
    | ((state: State, config: NodeConfig) => readonly RetainItem[])
    | undefined;
  /** Whether a selection by name keeps a message. @defaultValue keeps all */
  readonly filter?: ((message: MessageLike) => boolean) | undefined;
  /** Given to every memory of a selection by name. */
  readonly tags?: readonly string[] | undefined;
  /** What somebody has to approve; the graph is then interrupted with a {@link ReviewRequest}, before anything is retained. */
  readonly review?: RetainPolicy | undefined;
  /**
   * Whether the graph goes on while memories are stored; `brain.flush()` waits for them, and an abort of the run does not end
   * it. When too many wait already, the node waits. @defaultValue false
   */
  readonly background?: boolean | undefined;
  /** Told what became of each selected item. */
  readonly onRetained?: ((results: readonly RetainResult[]) => void) | undefined;
}

/** What the node writes into the state: with the selection `new`, how far it has come. */
export interface RetainUpdate {
  retainedUpTo?: string;
}

/** State that may tell what was recalled, and how far a retain has come. */
interface TurnState extends MessagesState {
  readonly memories?: readonly MemoryHit[] | undefined;
  readonly retainedUpTo?: string | undefined;
}

/** Asks for those that the policy marks, in one question; they are left out when it is answered with no. */
function reviewed(
  items: readonly RetainItem[],
  bankId: string,
  policy: RetainPolicy | undefined,
): readonly RetainItem[] {
  if (policy === undefined) return items;
  const marked = new Map<RetainItem, string>();
  for (const item of items) {
    const reason = policy(item);
    if (reason !== undefined) marked.set(item, reason);
  }
  if (marked.size === 0) return items;
  const isApproved = askReview({
    type: "astrocyte.review",
    operation: "retain",
    bankId,
    items: [...marked].map(([{ content }, reason]) => ({ reason, text: content })),
  });
  return isApproved ? items : items.filter((item) => !marked.has(item));
}

/**
 * A graph node that retains what was said in this turn.
 *
 * @throws InvalidArgumentError when neither the options nor the run name a bank.
 */
export function retainNode<State extends TurnState>({
  brain,
  bankId,
  context,
  select = "human",
  filter,
  tags,
  review,
  background = false,
  onRetained,
  onError,
  onFailure,
}: RetainNodeOptions<State>): (state: State, config?: NodeConfig) => Promise<RetainUpdate> {
  return async (state, config = {}) => {
    const bank = resolveBankId(bankId, state, config);
    const { messages, memories, retainedUpTo } = state;
    const last = messages.at(-1)?.id;
    const update = select === "new" && last !== undefined ? { retainedUpTo: last } : {};
    const chosen =
      typeof select === "function"
        ? select(state, config)
        : itemsOfTurn(messages, config, {
            selection: select,
            memories,
            retainedUpTo,
            filter,
            tags,
          });
    const items = reviewed(chosen, bank, review);
    if (items.length === 0) return update;
    const { signal } = config;
    const step = async () => {
      const call = { bankId: bank, context: resolveCaller(context, state, config) };
      const isLeft =
        background && brain.retainLater(items, { ...call, onRetained, onError: onFailure });
      if (isLeft) return update;
      const results = await brain.retainMany(items, { ...call, signal });
      onRetained?.(results);
      return update;
    };
    // Nothing was retained, so that the next turn tries again.
    return orContinue({ onError, onFailure }, signal, step, {});
  };
}
