import type { Astrocyte, MemoryHit, RecallOptions } from "astrocyte";
import { resolveBankId, type BankSelector, type NodeConfig } from "./bank-id.js";
import { callerOf } from "./caller.js";
import { toGraphState } from "./graph-state.js";
import { lastHumanMessage, messageText, type MessagesState } from "./messages.js";

export interface RecallNodeOptions<State> extends Omit<RecallOptions, "bankId" | "signal"> {
  readonly brain: Astrocyte;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /** What to look for; blank text recalls nothing. @defaultValue the text of the last human message */
  readonly query?: ((state: State, config: NodeConfig) => string) | undefined;
}

/** What the node writes into the state: plain JSON, best memory first. */
export interface RecallUpdate {
  memories: MemoryHit[];
}

/**
 * A graph node that recalls what the state asks for and puts the hits under `memories`, replacing those of the turn before.
 * Where access is controlled, the caller is the option `context`, else the run's `context.principal` or
 * `configurable.principal`.
 *
 * @throws InvalidArgumentError when neither the options nor the run name a bank.
 */
export function recallNode<State extends MessagesState>({
  brain,
  bankId,
  query = (state) => {
    const message = lastHumanMessage(state);
    return message === undefined ? "" : messageText(message);
  },
  ...options
}: RecallNodeOptions<State>): (state: State, config?: NodeConfig) => Promise<RecallUpdate> {
  return async (state, config = {}) => {
    const bank = resolveBankId(bankId, state, config);
    const question = query(state, config);
    if (question.trim() === "") return { memories: [] };
    const { hits } = await brain.recall(question, {
      context: callerOf(config),
      ...options,
      bankId: bank,
      signal: config.signal,
    });
    return { memories: hits.map(toGraphState) };
  };
}
