import type { Astrocyte, MemoryHit, RecallOptions } from "astrocyte";
import { resolveBankId, type BankSelector, type NodeConfig } from "./bank-id.js";
import { resolveCaller, type CallerSelector } from "./caller.js";
import { orContinue, type FailureOptions } from "./failure.js";
import { toGraphState } from "./graph-state.js";
import { lastQuestion, type MessagesState } from "./messages.js";

export interface RecallNodeOptions<State>
  extends Omit<RecallOptions, "bankId" | "signal" | "context">, FailureOptions {
  readonly brain: Astrocyte;
  /** @defaultValue `context.bankId`, else `configurable.bankId` of the run */
  readonly bankId?: BankSelector<State> | undefined;
  /** Who calls, where access is controlled. @defaultValue `principal` and `tenantId` of the run */
  readonly context?: CallerSelector<State> | undefined;
  /** What to look for; blank text recalls nothing. @defaultValue the text of the last human message */
  readonly query?: ((state: State, config: NodeConfig) => string) | undefined;
}

/** What the node writes into the state: plain JSON, best memory first. */
export interface RecallUpdate {
  memories: MemoryHit[];
}

/**
 * A graph node that recalls what the state asks for and puts the hits under `memories`, replacing those of the turn before.
 *
 * @throws InvalidArgumentError when neither the options nor the run name a bank.
 */
export function recallNode<State extends MessagesState>({
  brain,
  bankId,
  context,
  query = lastQuestion,
  onError,
  onFailure,
  ...options
}: RecallNodeOptions<State>): (state: State, config?: NodeConfig) => Promise<RecallUpdate> {
  return async (state, config = {}) => {
    const bank = resolveBankId(bankId, state, config);
    const question = query(state, config);
    if (question.trim() === "") return { memories: [] };
    const { signal } = config;
    const step = async () => {
      const caller = resolveCaller(context, state, config);
      const { hits } = await brain.recall(question, {
        ...options,
        bankId: bank,
        context: caller,
        signal,
      });
      return { memories: hits.map(toGraphState) };
    };
    return orContinue({ onError, onFailure }, signal, step, { memories: [] });
  };
}
